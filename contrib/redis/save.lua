-- Replaces a login if its generation is the one that the caller has loaded.
-- KEYS  1 the login (hash)   ARGV  1 that generation  2 the next one  3 the login
local generation = redis.call('HGET', KEYS[1], 'generation') or '0'
if generation ~= ARGV[1] then
	if generation == ARGV[2] and redis.call('HGET', KEYS[1], 'login') == ARGV[3] then return 1 end -- the response of an earlier try was lost
	return 0
end
redis.call('HSET', KEYS[1], 'generation', ARGV[2], 'login', ARGV[3])
return 1
