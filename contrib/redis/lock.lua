-- Extends or ends a lock that its holder may have lost meanwhile.
-- KEYS  1 the lock   ARGV  1 the holder  2 ms from now, 0 to end it
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then return redis.call('DEL', KEYS[1]) end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
