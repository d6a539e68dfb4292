/**
 * The record of a channel: a hash of a few short fields, of which those are written that changed.
 *
 * - `kind`: `log` or `state`. `top`, `floor`, `bytes`: as in `Bounds`, and what the retained values take.
 * - `age`: of a log, how many milliseconds the last append asked to retain. `removals`: of state, how many to remember.
 * - `stands_at`: where the application's state stood that this one includes (STATE-6).
 * - `forgot_seq`, `anonymous_seq`, `forgot_ids`, `used`, `placings`, `seq_top`: see the part `dedupe`.
 *
 * Keys of a channel may vanish: an operator removes them, or a server that may evict does, some of them or all. The
 * rest is not to be trusted, and the channel begins anew, in an epoch that has nothing in common with the one before.
 * That it was there is known by its record, or by `changes` where the record is gone.
 *
 * Needs KEYS[2], the channel's record, and `own_keys`, all other keys of the channel. Its name is the pub/sub channel
 * too. A script that makes channels or announces needs `forgotten_key`.
 */
export const channel = `
local channel_key = KEYS[2]
local channel_name = string.sub(channel_key, #shard_key + 3)
local numbers = { 'top', 'floor', 'bytes', 'age', 'removals', 'stands_at', 'forgot_seq', 'forgot_ids', 'used',
  'seq_top', 'anonymous_seq', 'placings' }
local loaded = {}

-- Channels share a bit of 32 KiB of them: few begin anew for another.
local function bucket_of(name)
  return tonumber(string.sub(redis.sha1hex(name), 1, 5), 16) % 262144
end

-- Undefined: it does not exist.
local function open_channel()
  local values = redis.call('HMGET', channel_key, 'epoch', 'rid', 'kind', unpack(numbers))
  if not values[1] then return nil end
  local channel = { epoch = values[1], kind = values[3] or nil }
  for i, name in ipairs(numbers) do channel[name] = tonumber(values[i + 3]) or 0 end
  if not values[9] then channel.stands_at = -math.huge end
  channel.has_ids = channel.forgot_ids > 1
  channel.forgot_ids = channel.forgot_ids % 2
  for name, value in pairs(channel) do loaded[name] = value end
  if values[2] ~= rid then channel.epoch = continue_at(channel_key, channel.epoch, channel.top) end
  return channel
end

local function empty_channel(epoch)
  local channel = { epoch = epoch }
  for _, name in ipairs(numbers) do channel[name] = 0 end
  channel.stands_at, channel.has_ids = -math.huge, false
  loaded = {}
  for name, value in pairs(channel) do loaded[name] = value end
  return channel
end

-- A reader may do it too, where something can be written, and finds the same epoch each time where nothing can.
local function begin_anew(before)
  local seq = redis.call('HGET', shard_key, 'seq') or '0'
  local id = redis.sha1hex(table.concat({ rid, open_shard(), seq, channel_name, before }, ' '))
  local channel = empty_channel(string.sub(id, 1, 22))
  pcall(function()
    redis.call('ZADD', changes_key, redis.call('HINCRBY', shard_key, 'seq', 1), channel_name)
    redis.call('UNLINK', channel_key, unpack(own_keys))
    redis.call('HSET', channel_key, 'epoch', channel.epoch, 'rid', rid)
  end)
  return channel
end

local function is_whole(channel)
  if channel.kind == 'log' then return redis.call('LLEN', ops_key) == channel.top - channel.floor end
  if not channel.kind then return true end
  local known = redis.call('ZCARD', live_key) + redis.call('ZCARD', gone_key)
  return redis.call('HLEN', entries_key) == known and (known > 0 or channel.top == channel.floor)
end

-- Undefined: it was never written.
local function open_whole()
  local channel = open_channel()
  if channel then return is_whole(channel) and channel or begin_anew(channel.epoch) end
  if redis.call('ZSCORE', changes_key, channel_name) then return begin_anew('') end
  return nil
end

-- There were so many channels that one of which the keys vanished may look like one that never was. It continues none then, as
-- who stands at its start may have missed all of it.
local function may_be_gone()
  if not redis.call('HGET', shard_key, 'forgot') then return false end
  if redis.call('EXISTS', forgotten_key) == 0 then return true end
  return redis.call('GETBIT', forgotten_key, bucket_of(channel_name)) == 1
end

local function new_channel(kind)
  local shard_epoch = open_shard()
  local channel = empty_channel(shard_epoch)
  channel.kind, channel.is_new = kind, true
  if may_be_gone() then
    local shard = redis.call('HMGET', shard_key, 'seq', 'channels')
    local id = redis.sha1hex(table.concat({ rid, shard[1], shard[2] or 0, time[1], time[2], channel_name }, ' '))
    channel.epoch = string.sub(id, 1, 22)
  end
  redis.call('UNLINK', unpack(own_keys))
  return channel
end

local function save(channel)
  local changed = {}
  if channel.is_new then
    changed = { 'epoch', channel.epoch, 'rid', rid }
    redis.call('HINCRBY', shard_key, 'channels', 1)
  end
  if channel.kind ~= loaded.kind then
    changed[#changed + 1] = 'kind'
    changed[#changed + 1] = channel.kind
  end
  -- One number says both.
  if channel.has_ids then channel.forgot_ids = channel.forgot_ids + 2 end
  if loaded.has_ids then loaded.forgot_ids = loaded.forgot_ids + 2 end
  for _, name in ipairs(numbers) do
    if channel[name] ~= loaded[name] then
      changed[#changed + 1] = name
      changed[#changed + 1] = channel[name]
    end
  end
  if #changed > 0 then redis.call('HSET', channel_key, unpack(changed)) end
end
`;
