/**
 * The record of a channel: a hash of a few short fields, of which those are written that changed.
 *
 * - `kind`: `log` or `state`. `top`, `floor`, `bytes`: as in `Bounds`, and what the retained values take.
 * - `age`: of a log, how many milliseconds the last append asked to retain. `removals`: of state, how many to remember.
 * - `stands_at`: where the application's state stood that this one includes (STATE-6).
 * - `forgot_seq`, `forgot_ids`, `uses`: see the part `dedupe`.
 *
 * Needs KEYS[2], the channel's record. Its name is the pub/sub channel too.
 */
export const channel = `
local channel_key = KEYS[2]
local channel_name = string.sub(channel_key, #shard_key + 3)
local numbers = { 'top', 'floor', 'bytes', 'age', 'removals', 'stands_at', 'forgot_seq', 'forgot_ids', 'uses' }
local loaded = {}

-- Undefined: it does not exist.
local function open_channel()
  local values = redis.call('HMGET', channel_key, 'epoch', 'rid', 'kind', unpack(numbers))
  if not values[1] then return nil end
  local channel = { epoch = values[1], kind = values[3] }
  for i, name in ipairs(numbers) do channel[name] = tonumber(values[i + 3]) or 0 end
  if not values[9] then channel.stands_at = -math.huge end
  for name, value in pairs(channel) do loaded[name] = value end
  if values[2] ~= rid then channel.epoch = continue_at(channel_key, channel.epoch, channel.top) end
  return channel
end

local function new_channel(kind)
  local channel = { epoch = open_shard(), kind = kind, is_new = true }
  for _, name in ipairs(numbers) do
    channel[name] = 0
    loaded[name] = 0
  end
  channel.stands_at = -math.huge
  loaded.stands_at = -math.huge
  return channel
end

local function save(channel)
  local changed = {}
  if channel.is_new then
    changed = { 'epoch', channel.epoch, 'rid', rid, 'kind', channel.kind }
    redis.call('HINCRBY', shard_key, 'channels', 1)
  end
  for _, name in ipairs(numbers) do
    if channel[name] ~= loaded[name] then
      changed[#changed + 1] = name
      changed[#changed + 1] = channel[name]
    end
  end
  if #changed > 0 then redis.call('HSET', channel_key, unpack(changed)) end
end
`;
