/** Of an operation that is no longer retained. */
export const forgetId = `
local function forget_id(channel, body)
  local id = id_key(body)
  if id and redis.call('HDEL', ids_key, id) == 1 then channel.forgot_ids = 1 end
end
`;

/**
 * Which publishes are stored (PUB-2, PUB-3, PUB-4), as `core/dedupe.ts` has it.
 *
 * - `ids`: a hash, message id of a user → offset, while it is retained. One field more, without a name, tells that it did not
 *   vanish: `has_ids` of the channel says that there has to be one. It is made again from the operations.
 * - `producers`: a sorted set by last use, so that the least recent one can be forgotten.
 * - `windows`: a hash. `p` and the producer: floor, top and count of its window. `b`, the number of the block, `:` and the
 *   producer: 16 pairs of sequence and offset as doubles. 33 blocks are kept at most, and so the last 512 at least.
 *
 * Where one of the last two vanished, both are forgotten, as if all producers were: none of their sequences was
 * above `seq_top`.
 *
 * A publish that comes in order looks at one field and one block, whatever the window holds.
 */
export const dedupe = `
local function block_field(producer, block) return 'b' .. block .. ':' .. producer end

local function window_of(producer)
  local head = redis.call('HGET', windows_key, 'p' .. producer)
  if not head then return nil end
  local floor, top, count = struct.unpack('>ddd', head)
  return { floor = floor, top = top, count = count }
end

local function offset_in(window, producer, seq)
  if seq > window.top then return nil end
  local last = math.floor((window.count - 1) / 16)
  local fields = {}
  for block = math.max(0, last - 32), last do fields[#fields + 1] = block_field(producer, block) end
  local wanted = struct.pack('>d', seq)
  for _, block in ipairs(redis.call('HMGET', windows_key, unpack(fields))) do
    local at = block and string.find(block, wanted, 1, true)
    while at do
      if at % 16 == 1 then return (struct.unpack('>d', block, at + 8)) end
      at = string.find(block, wanted, at + 1, true)
    end
  end
  return nil
end

-- There were windows, and this producer's among them, or none is left.
local function has_lost_windows(channel, producer)
  if channel.uses == 0 then return false end
  return redis.call('ZSCORE', producers_key, producer) or redis.call('EXISTS', producers_key) == 0
end

local function find_producer(channel, producer, seq, retry)
  local window = window_of(producer)
  if not window and has_lost_windows(channel, producer) then
    redis.call('UNLINK', producers_key, windows_key)
    channel.uses, channel.forgot_seq = 0, math.max(channel.forgot_seq, channel.seq_top)
  end
  if window and seq <= window.floor then return 'unknown' end
  local offset = window and offset_in(window, producer, seq)
  if offset then return offset end
  if retry and seq <= channel.forgot_seq then return 'unknown' end
  return 'new'
end

local function record_id(channel, id, offset)
  if channel.has_ids then redis.call('HSET', ids_key, id, offset)
  else redis.call('HSET', ids_key, id, offset, '', 1) end
  channel.has_ids = true
end

local function find_again_ids(channel)
  channel.has_ids, channel.forgot_ids = false, math.min(1, channel.floor)
  local function learn(texts)
    for _, text in ipairs(texts) do
      local op = parse_operation(text)
      local id = id_key(op)
      if id then record_id(channel, id, op.offset) end
    end
  end
  if channel.kind == 'state' then return learn(redis.call('HVALS', ops_key)) end
  for from = 0, channel.top - channel.floor - 1, 100 do learn(redis.call('LRANGE', ops_key, from, from + 99)) end
end

local function offset_of_id(channel, id)
  local found = redis.call('HMGET', ids_key, id, '')
  if found[2] or not channel.has_ids then return found[1] end
  find_again_ids(channel)
  return redis.call('HGET', ids_key, id)
end

-- The offset of the first, 'new', or 'unknown' when it can no longer be told.
local function find(channel, publish)
  local by_seq = publish.seq and find_producer(channel, publish.producer, publish.seq, publish.retry)
  if type(by_seq) == 'number' then return by_seq end
  local by_id = publish.id and offset_of_id(channel, publish.id)
  if by_id then return tonumber(by_id) end
  if by_seq then return by_seq end
  if publish.id and publish.retry and channel.forgot_ids == 1 then return 'unknown' end
  return 'new'
end

-- PUB-7: the publish that has to come before this one is not there. One below the floor will never be stored any more (PUB-8).
local function overtakes(publish)
  local after = publish.after
  if not after or after == 0 then return false end
  local window = window_of(publish.producer)
  if not window or after > window.top then return true end
  -- Most name the last one: no block is looked at for it.
  if after == window.top or after <= window.floor then return false end
  return not offset_in(window, publish.producer, after)
end

local function forget_oldest_producer(channel)
  local producer = redis.call('ZPOPMIN', producers_key)[1]
  local window = window_of(producer)
  if not window then return end
  channel.forgot_seq = math.max(channel.forgot_seq, window.top)
  local fields = { 'p' .. producer }
  local last = math.floor((window.count - 1) / 16)
  for block = math.max(0, last - 32), last do fields[#fields + 1] = block_field(producer, block) end
  redis.call('HDEL', windows_key, unpack(fields))
end

local function drop_block(window, producer, block)
  local field = block_field(producer, block)
  local dropped = redis.call('HGET', windows_key, field)
  if not dropped then return end
  for at = 1, #dropped, 16 do window.floor = math.max(window.floor, (struct.unpack('>d', dropped, at))) end
  redis.call('HDEL', windows_key, field)
end

local function record_producer(channel, publish, offset)
  local producer, seq = publish.producer, publish.seq
  -- What a producer that may have been forgotten published before can no longer be told.
  local window = window_of(producer) or { floor = math.min(seq - 1, channel.forgot_seq), top = 0, count = 0 }
  local block = math.floor(window.count / 16)
  local field = block_field(producer, block)
  local before = ''
  if window.count % 16 > 0 then before = redis.call('HGET', windows_key, field)
  elseif block > 32 then drop_block(window, producer, block - 33) end
  window.count = window.count + 1
  window.top = math.max(window.top, seq)
  -- In steps: it is written with one publish of many.
  if seq > channel.seq_top then channel.seq_top = math.ceil(seq / 64) * 64 end
  local head = struct.pack('>ddd', window.floor, window.top, window.count)
  redis.call('HSET', windows_key, field, before .. struct.pack('>dd', seq, offset), 'p' .. producer, head)
  channel.uses = channel.uses + 1
  redis.call('ZADD', producers_key, channel.uses, producer)
  -- Two at most, so that one publish does not pay for a bound that was lowered.
  for _ = 1, 2 do
    if redis.call('ZCARD', producers_key) > publish.max_producers then forget_oldest_producer(channel) end
  end
end

local function record(channel, publish, offset)
  if publish.id then record_id(channel, publish.id, offset) end
  if publish.seq then record_producer(channel, publish, offset) end
end

-- Found by its message id: its sequence is known from now on too.
local function record_repeated(channel, publish, offset)
  if publish.seq and find_producer(channel, publish.producer, publish.seq, true) == 'new' then
    record_producer(channel, publish, offset)
  end
end
`;
