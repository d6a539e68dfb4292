/**
 * Entries that end. One sorted set for each shard has when, by a clock of the shard that goes on evenly: it is looked at about
 * every second, and adds 5 s at most, whatever was done to the clock of the server or however long nobody looked. `holders` of
 * the channel: entry → its rank as a double and who holds it.
 */
export const leaseClock = `
local function lease_time()
  local clock = redis.call('HMGET', shard_key, 'elapsed', 'looked_at')
  local looked_at = tonumber(clock[2]) or now
  if not clock[1] then
    -- The record of the shard vanished: the first to end does so in a while, and the others behind it.
    local first = redis.call('ZRANGE', leases_key, 0, 0, 'WITHSCORES')[2]
    clock[1] = first and math.max(0, first - 5000)
  end
  local elapsed = (tonumber(clock[1] or 0)) + math.min(5000, math.max(0, now - looked_at))
  -- However many nodes look, it is written twice a second at most.
  if not clock[2] or now < looked_at or now - looked_at >= 500 then
    redis.call('HSET', shard_key, 'elapsed', elapsed, 'looked_at', now)
  end
  return elapsed
end
`;

export const leases = `
local function lease_member(key) return #channel_name .. ':' .. channel_name .. key end

-- Undefined: it lasts.
local function lease_of(key)
  local held = redis.call('HGET', holders_key, key)
  if not held then return nil end
  return { rank = struct.unpack('>d', held), holder = string.sub(held, 9) }
end

local function end_lease(key)
  redis.call('ZREM', leases_key, lease_member(key))
  redis.call('HDEL', holders_key, key)
end

-- A change without a time lasts: it is no longer the one that was to expire.
local function hold(key, lease, ttl, holder, rank)
  if ttl then
    redis.call('ZADD', leases_key, lease_time() + ttl, lease_member(key))
    redis.call('HSET', holders_key, key, struct.pack('>d', rank) .. holder)
  elseif lease then end_lease(key) end
end
`;
