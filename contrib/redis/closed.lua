-- Keeps the groups of operations that are closed, for all processes of an account. The group "*" is
-- every group: two groups were closed, and no call of another one has passed in between.
--
-- KEYS  1 the closed groups (hash)
-- ARGV  1 close, probe, open, leave, clear or list  2 group  3 Retry-After in ms, 0 for none
--       4 exhausted (1 or 0)  5 the group that the rejected call was the probe of, "" for none
--       6 how long ago the rejected call was sent, in ms; negative if calls of other groups are in flight
local time = redis.call('TIME')
local now = math.floor(time[1] * 1000 + time[2] / 1000)
local op, group = ARGV[1], ARGV[2]
local FIRST, LAST, PROBE, ALL = 60000, 3600000, 30000, '*'
local function read(name)
	local text = redis.call('HGET', KEYS[1], 'group ' .. name)
	if not text then return nil end
	local at, exhausted, recheck, probing, since = string.match(text, '^(%d+) (%d+) (%d+) (%d+) (%d+)$')
	return {
		at = tonumber(at), exhausted = tonumber(exhausted), recheck = tonumber(recheck), probing = tonumber(probing),
		since = tonumber(since),
	}
end
local function write(name, g)
	redis.call('HSET', KEYS[1], 'group ' .. name,
		string.format('%d %d %d %d %d', g.at, g.exhausted, g.recheck, g.probing, g.since))
	redis.call('PEXPIRE', KEYS[1], 172800000)
end
-- names returns the closed groups, "*" included.
local function names()
	local all, result = redis.call('HGETALL', KEYS[1]), {}
	for i = 1, #all, 2 do
		local name = string.match(all[i], '^group (.*)$')
		if name then result[#result + 1] = name end
	end
	return result
end
local function later(recheck) return math.min(math.max(2 * recheck, FIRST), LAST) end
local g = read(group)
if op == 'close' then
	local after, sent = tonumber(ARGV[3]), tonumber(ARGV[6])
	local fresh = not g
	if fresh then
		g = {at = 0, exhausted = 0, recheck = 0, probing = 0, since = now}
		local others = names()
		local widen = #others > 0 and sent >= 0 and not read(ALL)
		for _, name in ipairs(others) do
			local first = read(name).since
			-- limiter.lua keeps when a call last passed.
			if tonumber(redis.call('HGET', KEYS[1], 'proven') or 0) >= first or now - sent < first then widen = false end
		end
		if widen then
			write(ALL, {at = now, exhausted = tonumber(ARGV[4]), recheck = FIRST / 2, probing = 0, since = now})
		end
	end
	g.exhausted = tonumber(ARGV[4])
	if after > 0 then
		g.at, g.recheck = now + after, 0
	elseif fresh or ARGV[5] ~= '' then -- others were sent before the group was closed
		g.recheck = later(g.recheck)
		g.at = now + g.recheck
	end
	if ARGV[5] == group then g.probing = 0 end
	write(group, g)
	redis.call('HSETNX', KEYS[1], 'proven', 0)
	local all = ARGV[5] == ALL and read(ALL)
	if all then
		all.recheck, all.probing = later(all.recheck), 0
		all.at = now + all.recheck
		write(ALL, all)
	end
	redis.call('HINCRBY', KEYS[1], 'version', 1)
elseif op == 'open' then
	local opened = redis.call('HDEL', KEYS[1], 'group ' .. group) + redis.call('HDEL', KEYS[1], 'group ' .. ALL)
	redis.call('HSET', KEYS[1], 'proven', now)
	if opened > 0 then redis.call('HINCRBY', KEYS[1], 'version', 1) end
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
	for _, name in ipairs(names()) do
		local c = read(name)
		c.at = now
		write(name, c)
	end
	redis.call('HINCRBY', KEYS[1], 'version', 1)
end
local result = {redis.call('HGET', KEYS[1], 'version') or '0'}
for _, name in ipairs(names()) do
	local c = read(name)
	if c.at < now - 86400000 then
		redis.call('HDEL', KEYS[1], 'group ' .. name)
	else
		result[#result + 1] = name
		result[#result + 1] = string.format('%d', c.at - now)
		result[#result + 1] = tostring(c.exhausted)
	end
end
return result
