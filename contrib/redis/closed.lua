-- Keeps the groups of operations that are closed, for all processes of an account.
--
-- KEYS  1 the closed groups (hash)
-- ARGV  1 close, probe, open, leave, clear or list  2 group  3 Retry-After in ms, 0 for none
--       4 exhausted (1 or 0)  5 whether the rejected call was the group's probe (1 or 0)
local time = redis.call('TIME')
local now = math.floor(time[1] * 1000 + time[2] / 1000)
local op, group = ARGV[1], ARGV[2]
local FIRST, LAST, PROBE = 60000, 3600000, 30000
local function read(name)
	local text = redis.call('HGET', KEYS[1], 'group ' .. name)
	if not text then return nil end
	local untilAt, exhausted, recheck, probing = string.match(text, '^(%d+) (%d+) (%d+) (%d+)$')
	return {at = tonumber(untilAt), exhausted = tonumber(exhausted), recheck = tonumber(recheck), probing = tonumber(probing)}
end
local function write(name, g)
	redis.call('HSET', KEYS[1], 'group ' .. name, string.format('%d %d %d %d', g.at, g.exhausted, g.recheck, g.probing))
	redis.call('PEXPIRE', KEYS[1], 172800000)
end
local g = read(group)
if op == 'close' then
	local after = tonumber(ARGV[3])
	local fresh = not g
	g = g or {at = 0, exhausted = 0, recheck = 0, probing = 0}
	g.exhausted = tonumber(ARGV[4])
	if after > 0 then
		g.at, g.recheck = now + after, 0
	elseif fresh or ARGV[5] == '1' then -- others were sent before the group was closed
		g.recheck = math.min(math.max(2 * g.recheck, FIRST), LAST)
		g.at = now + g.recheck
	end
	if ARGV[5] == '1' then g.probing = 0 end
	write(group, g)
	redis.call('HINCRBY', KEYS[1], 'version', 1)
elseif op == 'open' then
	if g then
		redis.call('HDEL', KEYS[1], 'group ' .. group)
		redis.call('HINCRBY', KEYS[1], 'version', 1)
	end
elseif op == 'leave' then
	if g then
		g.probing = 0
		write(group, g)
	end
elseif op == 'probe' then
	if not g then return {'open'} end
	if g.at > now then return {'closed'} end
	if g.probing > now then return {'busy'} end
	g.probing = now + PROBE
	write(group, g)
	return {'probe'}
elseif op == 'clear' then
	local all = redis.call('HGETALL', KEYS[1])
	for i = 1, #all, 2 do
		local name = string.match(all[i], '^group (.*)$')
		if name then
			local c = read(name)
			c.at = now
			write(name, c)
		end
	end
	redis.call('HINCRBY', KEYS[1], 'version', 1)
end
local result = {redis.call('HGET', KEYS[1], 'version') or '0'}
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
	local name = string.match(all[i], '^group (.*)$')
	if name then
		local c = read(name)
		if c.at < now - 86400000 then
			redis.call('HDEL', KEYS[1], all[i])
		else
			result[#result + 1] = name
			result[#result + 1] = string.format('%d', c.at - now)
			result[#result + 1] = tostring(c.exhausted)
		end
	end
end
return result
