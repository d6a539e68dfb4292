/**
 * The last operation of each entry: `entries`, a hash; `live` and `gone`, sorted sets of keys by offset, the second of
 * removals. The last change says how many of those are remembered (STATE-4).
 */
export const entries = `
-- Undefined: there is no such entry.
local function entry_of(key)
  local text = redis.call('HGET', entries_key, key)
  if not text then return nil end
  local op = parse_operation(text)
  if op.removal then return nil end
  op.text = text
  return op
end

local function forget_removals(channel)
  local over = redis.call('ZCARD', gone_key) - channel.removals
  -- One that is stored adds one at most: more are over where the bound was lowered, and go step by step.
  if over <= 0 then return end
  local popped = redis.call('ZPOPMIN', gone_key, math.min(over, 100))
  for i = 1, #popped, 2 do
    local removal = parse_operation(redis.call('HGET', entries_key, popped[i]))
    channel.floor = math.max(channel.floor, removal.offset)
    redis.call('HDEL', entries_key, popped[i])
    forget_id(channel, removal)
  end
end

-- Returns the operation as it is announced.
local function store(channel, body, delta)
  local op = parse_body(body, 1)
  local previous = redis.call('HGET', entries_key, op.key)
  channel.top = channel.top + 1
  local text = stamp(channel.top, body)
  redis.call('HSET', entries_key, op.key, text)
  if previous then
    previous = parse_operation(previous)
    if not previous.removal then channel.bytes = channel.bytes - previous.payload_size - #op.key end
  end
  if op.kind > 0 then
    redis.call('ZREM', live_key, op.key)
    redis.call('ZADD', gone_key, channel.top, op.key)
  else
    channel.bytes = channel.bytes + op.payload_size + #op.key
    if previous and previous.removal then redis.call('ZREM', gone_key, op.key) end
    redis.call('ZADD', live_key, channel.top, op.key)
  end
  if previous then forget_id(channel, previous) end
  if op.kind > 0 then forget_removals(channel) end
  return { text = text, delta = delta }
end
`;
