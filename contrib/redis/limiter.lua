-- Merges a process's report into the state of one limit, and grants it permits. All processes of an
-- account run this script, so that they share one rolling window, one learned quota, one gate and one
-- test of the quota. Times are milliseconds of Redis' own clock: reports state ages, replies state
-- durations.
--
-- KEYS  1 the state (hash)  2 the slots of the window (string)  3 the processes (hash)
--       4 when each process lapses (sorted set)  5 the closed groups (hash)
-- ARGV  1 the report, JSON: see type report in limiter_script.go
--
-- Fields of the state, all of them numbers, 0 if absent:
--   born                  when the state was created
--   head, used, ok        first cell of the window; slots that are taken in it; calls in it that passed
--   watched, last         since when calls were seen without a silence of a window; when one last ended
--   quota, bound, floor   0 while it is unknown; 1 if it is a lower bound; that bound at the last event
--   gen, passed           number of events (a 429 that tells something); calls that passed since the last
--   gate                  no call goes before
--   misses, canary        429s without Retry-After in a row; 1 while they let one call go at a time
--   vain                  Retry-Afters in a row after which no call passed
--   ramp                  bound on the calls in flight after an event, growing; 0 for none
--   wave                  number of calls beyond the quota that a test may send
--   testing, tested       1 while the outcome of a test is open; when the last one was sent
--   hold, nexttest, peak  time between tests; when the next one may go; the largest quota so far
--   n, inflight, interactive, normal, bulk, hungry, hungryused
--                         sums over the processes that are alive: their number, permits and calls in
--                         flight, calls that wait; those with calls that wait, and the slots they have
--   back, backuntil, backn, backnew, merged, backused, known
--                         the return of processes that could not reach Redis, see there
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local a = cjson.decode(ARGV[1])
local W, floor, ceil, max, min = a.window, math.floor, math.ceil, math.max, math.min

local NEVER = -1
local LEASE, RETURN = 2000, 2000 -- for 2 s permits of a silent process, and the part of an absent one, are kept
local NARROW = 8 -- calls in flight while the quota is unknown and the burst is used up
local RAMP, RAMPED = 10, 64 -- calls in flight after an event, and the number at which the bound is lifted
local GRAINS, CELLS, CELL = 200, 204, '<I4I4' -- cells of a window, cells of the ring, and a cell's format

local s = setmetatable({}, {__index = function() return 0 end})
do
	local fields = redis.call('HGETALL', KEYS[1])
	for i = 1, #fields, 2 do s[fields[i]] = tonumber(fields[i + 1]) end
end
local new = s.born == 0
if new then
	s.born, s.watched, s.wave = floor(now), floor(now), 1
end

-- The window: cell i counts the slots of calls that ended in one grain of time, and the calls that
-- were granted in it and passed. The server has counted a call between the two: so a slot is free at
-- the server, too, a window after the end of the call's grain, and of the calls that passed no more
-- are counted than the server has let through in one window.
local grain = W / GRAINS
local ring, cells, dirty = redis.call('GET', KEYS[2]) or '', {}, {}
-- cell returns a cell. A cell that has left the window is the same one as a cell that joins it.
local function cell(i)
	local at = i % CELLS * 8
	local c = cells[at]
	if not c then
		c = {n = 0, ok = 0}
		if at + 8 <= #ring then c.n, c.ok = struct.unpack(CELL, ring, at + 1) end
		cells[at] = c
	end
	return c
end
-- add counts n slots and ok calls at a moment, and returns its cell; NEVER if that has left the window.
local function add(at, n, ok)
	local i = min(floor(at / grain), floor(now / grain))
	if i < s.head then return NEVER end
	local c = cell(i)
	c.n, c.ok = max(c.n + n, 0), max(c.ok + ok, 0)
	s.used, s.ok = max(s.used + n, 0), max(s.ok + ok, 0)
	dirty[i % CELLS * 8] = true
	return i
end
-- freed returns when the slots of a cell are free.
local function freed(i) return (i + 1) * grain + W end
-- frees returns when n more slots are free; nil if that depends on calls in flight.
local function frees(n)
	if n > s.used then return nil end
	for i = s.head, floor(now / grain) do
		n = n - cell(i).n
		if n <= 0 then return freed(i) end
	end
end
do -- frees the slots of the cells that have left the window
	local head = floor((now - W) / grain)
	if head - s.head >= CELLS then
		ring, s.used, s.ok = '', 0, 0
		redis.call('DEL', KEYS[2])
	else
		for i = s.head, head - 1 do
			local c = cell(i)
			if c.n > 0 or c.ok > 0 then
				s.used, s.ok = max(s.used - c.n, 0), max(s.ok - c.ok, 0)
				c.n, c.ok, dirty[i % CELLS * 8] = 0, 0, true
			end
		end
	end
	s.head = max(s.head, head)
end

-- The processes: number of the last report, newest entry of its history, permits and calls in flight,
-- slots, calls that wait, the return it belongs to, 1 while it is alive, and its permits when it lapsed.
-- The state has the sums over all of them, so that no report has to look at more than a few.
local names = {
	'call', 'seq', 'inflight', 'used', 'interactive', 'normal', 'bulk', 'back', 'alive', 'lapsed', 'lapsedcell',
}
local function unpackProcess(text)
	local p, i = {}, 0
	for n in string.gmatch(text or '', '%S+') do
		i = i + 1
		p[names[i]] = tonumber(n)
	end
	for _, name in ipairs(names) do p[name] = p[name] or 0 end
	return p
end
local function store(id, p)
	local values = {}
	for i, name in ipairs(names) do values[i] = string.format('%d', p[name]) end
	redis.call('HSET', KEYS[3], id, table.concat(values, ' '))
end
local function sum(p, sign)
	s.n = s.n + sign * p.alive
	s.inflight = max(s.inflight + sign * p.inflight, 0)
	s.interactive = max(s.interactive + sign * p.interactive, 0)
	s.normal = max(s.normal + sign * p.normal, 0)
	s.bulk = max(s.bulk + sign * p.bulk, 0)
	if p.interactive + p.normal + p.bulk > 0 then
		s.hungry, s.hungryused = max(s.hungry + sign, 0), max(s.hungryused + sign * p.used, 0)
	end
	if s.back > 0 and p.back == s.back then s.backused = max(s.backused + sign * p.used, 0) end
end

for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', now, 'LIMIT', 0, 50)) do
	local p, at = unpackProcess(redis.call('HGET', KEYS[3], id)), tonumber(redis.call('ZSCORE', KEYS[4], id))
	if p.alive == 0 then
		redis.call('HDEL', KEYS[3], id)
		redis.call('ZREM', KEYS[4], id)
	else -- its permits count as calls that ended now; its record stays, because it may only have been stopped
		sum(p, -1)
		if p.inflight > 0 then p.lapsed, p.lapsedcell = p.inflight, add(at, p.inflight, 0) end
		p.alive, p.inflight, p.used, p.interactive, p.normal, p.bulk = 0, 0, 0, 0, 0, 0
		store(id, p)
		redis.call('ZADD', KEYS[4], ceil(now + 2 * W + 60000), id)
	end
end

local known = redis.call('HGET', KEYS[3], a.id)
local p = unpackProcess(known)
if a.call < p.call then return {2} end -- a newer report was merged already
if p.seq < a.acked and not a.full then return {1} end -- Redis has lost its reports: it has to report all of them
if p.alive == 1 then sum(p, -1) end
if p.lapsed > 0 and p.lapsedcell >= s.head then add((p.lapsedcell + 0.5) * grain, -p.lapsed, 0) end
p.lapsed, p.lapsedcell, p.alive = 0, 0, 1

if a.gen > s.gen or new then
	s.gen, s.quota, s.bound, s.hold, s.nexttest = a.gen, a.quota, a.bound, W, floor(now + W)
end
if s.quota == 0 and a.given > 0 then
	s.quota, s.bound, s.hold, s.nexttest = a.given, 0, W, floor(now + W)
end
s.peak = max(s.peak, s.quota)
if a.clear then s.gate = 0 end

for _, e in ipairs(a.ended) do -- age, slots, calls that passed, number of the report, age of the first grant
	if e[4] > p.seq then
		add(now - e[1], e[2], 0)
		add(now - e[5], 0, e[3])
		s.last = floor(max(s.last, now - e[1]))
	end
end
p.seq = max(p.seq, a.seq)

-- Learning the quota from the calls that ended.
local passed = 0
-- others reports whether other clients use a part of the quota: the server states that a slot is free
-- before the first slot of these processes is.
local function others(at, after)
	local slack = max(W / 15, 500) -- servers round, and responses take their time
	return after > 0 and at + after + slack < (frees(1) or now + W)
end
for _, e in ipairs(a.passed) do -- event, calls
	passed = passed + e[2]
	if e[1] == s.gen then
		s.passed, s.misses, s.canary = s.passed + e[2], 0, 0
		if s.ramp > 0 then
			s.ramp = s.ramp + e[2]
			if s.ramp > RAMPED then s.ramp = 0 end
		end
		if s.bound == 1 and s.ok > s.floor then s.wave = min(s.wave + e[2], max(7, s.n)) end
	end
end
if s.testing == 1 and now - s.tested > W then s.testing = 0 end
-- Only more calls in one window than the quota show that it has grown: a test alone may have taken
-- the slot of a call that is still in flight, or one that is free at the server already.
if s.quota > 0 and s.ok > s.quota and (a.given == 0 or s.ok <= a.given) then
	s.quota, s.peak = s.ok, max(s.peak, s.ok)
	if s.testing == 1 then s.testing, s.wave, s.hold = 0, min(s.wave * 2, 4), W end
end
for _, e in ipairs(a.rejected) do -- age, Retry-After or 0, event
	local at, after = now - e[1], e[2]
	if e[3] ~= s.gen or (a.full and s.quota > 0) then -- it was sent before the last event: nothing new
		s.gate = ceil(max(s.gate, at + after))
	else
		local whole, foreign = now - s.watched >= W, others(at, after)
		if after == 0 then
			s.misses, s.canary = s.misses + 1, 1
			after = min(W / 60 * 2 ^ min(s.misses - 1, 8), now - s.last < W and W / 10 or W) * (0.5 + a.luck / 2)
		elseif s.passed == 0 and s.gen > 0 then
			s.vain = s.vain + 1
			after = max(after, min(W / 60 * 2 ^ min(s.vain, 8), W / 10) * (0.5 + a.luck / 2))
		end
		if s.passed > 0 then s.vain = 0 end
		if s.testing == 1 then
			s.hold = min(s.hold * 2, s.quota < s.peak and 2 * W or 16 * W)
			s.nexttest = floor(now + s.hold)
		elseif s.ok > 0 and (not whole and (foreign or s.ok < a.burst * 2 / 5) or foreign and s.bound == 1) then
			s.quota, s.bound, s.floor = s.ok, 1, s.ok
		elseif not foreign and s.ok > 0 and s.passed > 0 then
			s.quota, s.bound, s.peak = s.ok, 0, max(s.peak, s.ok)
			s.hold = s.quota < s.peak and W or 2 * W
			s.nexttest = floor(now + s.hold)
		end
		s.gen, s.wave, s.testing, s.passed, s.ramp = s.gen + 1, 1, 0, 0, max(RAMP, 2 * s.n)
		s.gate = ceil(max(s.gate, at + after))
	end
end

-- A process that could not reach Redis has sent its part of the quota meanwhile. Until it has
-- reported that, or 2 s have passed, its part is kept for it. Where Redis has lost its data, the
-- processes know how many slots all of them had taken: those that nobody has reported yet are kept,
-- too, because a process may have had more than its part.
local number = max(s.n + 1, 1)
local lost = a.merged and not known and now - s.born < RETURN -- Redis has lost its data, and this process has not
if a.back or lost then
	if now >= s.backuntil then
		s.back, s.backuntil, s.backn = s.back + 1, ceil(now + RETURN), max(a.processes, number)
		s.merged, s.backused, p.back, s.backnew, s.known = 0, 0, 0, now - s.born < RETURN and 1 or 0, 0
	end
end
if lost then s.known = max(s.known, a.known) end
local returning = s.back > 0 and now < s.backuntil
if returning and p.back ~= s.back then
	p.back, s.merged = s.back, s.merged + 1
end
p.call, p.inflight, p.used, p.interactive, p.normal, p.bulk = a.call, a.inflight, a.used, 0, 0, 0

-- Permits. limit is how many slots all processes may take, bulklimit the same for bulk calls; timed: a
-- call that waits goes when a slot is freed.
local interactive, normal, bulk = a.want[1], a.want[2], a.want[3]
local want = interactive + normal + bulk
local granted, count, wait, why = {}, 0, NEVER, 0
local limit, bulklimit, timed = a.burst, a.burst, false
if s.quota > 0 then
	limit, bulklimit = s.quota, s.quota - floor(s.quota / 10)
	if s.bound == 1 then limit, bulklimit = limit + s.wave, max(bulklimit, min(s.wave, limit)) else timed = true end
end
local taken = s.used + s.inflight + a.inflight
local kept = 0 -- slots for processes that have not returned yet
if returning then
	local share = (s.quota > 0 and s.quota or a.burst) / s.backn
	kept = floor(max(0, max(0, s.backn - s.merged) * share - max(0, taken - s.backused - p.used)))
	if s.merged < s.backn then kept = max(kept, s.known - taken) end
end
local free = limit - kept - taken
local narrow = s.quota == 0 and free <= 0
if narrow then
	free = max(NARROW, number) - s.inflight - a.inflight
	if a.inflight == 0 then free = max(free, 1) end
	bulklimit = limit + free
end
if s.inflight + a.inflight == 0 and max(s.last, s.gate) + W < now then s.watched, s.passed = floor(now), 0 end
local hungry = s.hungry + 1
if now - s.watched < W / 30 then hungry = max(hungry, a.expected) end -- after a silence others ask in a moment
local ceiling = max(free, 0) -- permits that exist now
local gate = s.gate - now
-- serve grants permits; if it refuses any, wait is the time until it is worth to ask again, and why is
-- one of limiter_script.go's reasons.
local function serve()
	if gate > 0 then wait, why = gate, 1 return end
	-- All return at about the same time: the slots of each are known better in a moment.
	if returning and s.backnew == 1 and s.merged < s.backn and now < s.backuntil - RETURN + W / 30 then
		wait, why = W / 60, 2
		return
	end
	-- Slots that are freed within a fortieth of a window are granted with a delay.
	local horizon, later, first = min(W / 40, 400), {}, free
	if timed then
		for i = s.head, floor(now / grain) do
			if freed(i) > now + horizon then break end
			local n = cell(i).n
			if n > 0 then
				if free < 0 then n, free = max(n + free, 0), min(free + n, 0) end
				if n > 0 then
					later[#later + 1] = {ceil(freed(i) - now), n}
					ceiling = ceiling + n
				end
			end
		end
	end
	local most = ceiling
	if s.ramp > 0 then most = min(most, s.ramp - s.inflight - a.inflight) end
	if s.canary == 1 then most = min(most, 1 - s.inflight - a.inflight) end
	local claimed1, claimed2 = 0, 0 -- permits for others' interactive calls, and for their normal ones as well
	local fair = most
	local share = (limit - kept - max(0, taken - s.hungryused - a.used)) / hungry
	-- The permits that others leave go to a process that asks again and again.
	local more = 1 + 0.05 * (2 ^ min(a.again, 10) - 1)
	fair = max(floor(share * more + a.luck) - a.used + a.soon, a.used == 0 and 1 or 0)
	-- Where calls in flight are bounded, each process has its part of the bound.
	local function part(bound) return max(floor(bound / hungry) - a.inflight, a.inflight == 0 and 1 or 0) end
	if narrow then fair = part(max(NARROW, number)) elseif s.ramp > 0 then fair = min(fair, part(s.ramp)) end
	if a.again < 2 then
		claimed1 = floor(0.9 * min(most, s.interactive))
		claimed2 = floor(0.9 * min(most, s.interactive + s.normal))
	end
	most = max(most, 0)
	local lease = a.lease > 0 and a.lease or most
	local left = min(most, lease)
	local function take(n, bound)
		n = max(0, floor(min(n, left, fair, bound)))
		left, fair, count = left - n, fair - n, count + n
		return n
	end
	interactive = interactive - take(interactive, left)
	normal = normal - take(normal, most - claimed1 - count)
	bulk = bulk - take(bulk, most - claimed2 - (limit - bulklimit) - count)
	want = interactive + normal + bulk
	if want == 0 and a.stock > 0 and timed and s.hungry == 0 then
		take(a.stock, min(most - (limit - bulklimit) - count, floor(s.quota / 8 / number)))
	end
	local n = min(count, max(first, 0))
	if n > 0 then granted[1], granted[2] = 0, n end
	local rest = count - n
	for _, l in ipairs(later) do
		if rest <= 0 then break end
		granted[#granted + 1], granted[#granted + 2] = l[1], min(l[2], rest)
		rest = rest - l[2]
	end
	if want == 0 then return end
	local urgent = interactive + normal
	-- The window is full: from time to time a call beyond the quota tests whether the quota has grown.
	-- That tells something only when the window is full at the server, too: hardly any of its calls
	-- is in flight, and no burst of slots is about to be freed, which the server frees earlier.
	local out = s.inflight + a.inflight
	if timed and count == 0 and most <= 0 and first <= 0 and kept == 0 and (a.given == 0 or s.quota < a.given)
		and s.used + out >= s.quota and s.used + out < s.quota + s.wave and out <= s.quota / 10
		and now >= s.nexttest + (urgent > 0 and 0 or 2 * W) then
		local burst = frees(floor(s.quota / 5) + 1)
		if burst and burst - now > W / 10 then
			count = min(s.quota + s.wave - s.used - out, want)
			s.testing, s.tested = 1, floor(now)
			granted[1], granted[2] = 0, count
		end
	end
	if most > count and left == 0 then wait, why = 0, 4 return end -- the size of a lease
	if most > count and (urgent > 0 or most - (limit - bulklimit) > count) then -- the fair share
		wait, why = max(W / 60 * 2 ^ min(a.again, 3), 5), 3
		return
	end
	if s.canary == 1 or s.ramp > 0 and ceiling > count then wait, why = W / 60, 4 return end
	local missing = 1 + count - first
	if urgent == 0 then missing = missing + limit - bulklimit end
	local at = frees(max(missing, 1))
	why = 2
	if at then
		wait = max(at - now - horizon / 2, 1)
	elseif s.quota == 0 or s.bound == 1 then
		wait, why = W / 30, 4
	else
		wait = W * 14 / 15 -- a call in flight frees its slot in a window at the earliest
	end
	if kept > 0 then wait = min(wait, max(s.backuntil - now, 1), W / 30) end
	local test = s.nexttest - now
	if timed and s.testing == 0 and test > 0 and test < wait and (a.given == 0 or s.quota < a.given) then
		wait = max(test, W / 30)
	end
end
if not a.leave and not a.quiet then serve() end

if a.leave then
	if a.inflight > 0 then add(now, a.inflight, 0) end
	redis.call('HDEL', KEYS[3], a.id)
	redis.call('ZREM', KEYS[4], a.id)
else
	p.inflight, p.used = a.inflight + count, a.used + count
	p.interactive, p.normal, p.bulk = interactive, normal, bulk
	if a.quiet then p.interactive, p.normal, p.bulk = 0, 0, 0 end
	sum(p, 1)
	store(a.id, p)
	local lapse = LEASE
	if p.inflight == 0 then lapse = 2 * LEASE end
	redis.call('ZADD', KEYS[4], ceil(now + lapse), a.id)
end

-- A string that is created in its full size takes half the memory of one that grows.
if ring == '' and next(dirty) then redis.call('SETRANGE', KEYS[2], CELLS * 8 - 1, '\0') end
for at in pairs(dirty) do
	local c = cells[at]
	redis.call('SETRANGE', KEYS[2], at, struct.pack(CELL, c.n, c.ok))
end
local fields = {}
for name, value in pairs(s) do
	fields[#fields + 1] = name
	fields[#fields + 1] = string.format('%d', value)
end
redis.call('HSET', KEYS[1], unpack(fields))
local keep = ceil(2 * W + 60000)
redis.call('PEXPIRE', KEYS[1], a.keep)
redis.call('PEXPIRE', KEYS[2], keep)
redis.call('PEXPIRE', KEYS[3], keep)
redis.call('PEXPIRE', KEYS[4], keep)

local version = tonumber(redis.call('HGET', KEYS[5], 'version') or 0)
if passed > 0 and version > 0 and redis.call('HLEN', KEYS[5]) > 2 then -- groups are closed, see closed.lua
	redis.call('HSET', KEYS[5], 'proven', floor(now))
end
local reply = {0, p.seq, ceil(max(s.gate - now, 0)), s.quota, s.bound, s.gen, max(s.n, 1), ceil(wait), why,
	s.used, s.inflight, s.ok, floor(now - s.watched), version, s.ramp + s.canary + (s.quota == 0 and 1 or 0)}
for _, v in ipairs(granted) do reply[#reply + 1] = v end
return reply
