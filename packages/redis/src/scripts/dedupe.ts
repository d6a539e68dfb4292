import { producersOfOneUser } from '@longwave/core';

/** Forgets the id of an operation that is no longer retained. */
export const forgetId = `
local function forget_id(channel, body)
  local id = id_key(body)
  if id and redis.call('HDEL', ids_key, id) == 1 then channel.forgot_ids = 1 end
end
`;

/**
 * Which publishes are stored (PUB-2, PUB-3, PUB-4), as `dedupe.ts` and `producer-windows.ts` of core have it.
 *
 * - `ids`: a hash, message id of a user → offset, while it is retained. One field more, without a name, tells that it
 *   did not vanish: `has_ids` of the channel says that there has to be one. It is made again from the operations.
 * - `windows`: a hash. `p` and the name of a producer: floor, top, count and last use of its window. `b`, the number of
 *   the block, `:` and the name: 16 pairs of sequence and offset as doubles. 33 blocks are kept at most, and so the
 *   last 512 at least. `s` and a user: floor of the user, and the names of their producers. A name says whose the
 *   producer is, as in `id_key`.
 * - `producers`: a sorted set of the first and the last of these, in three orders after one another: producers of
 *   anonymous clients by their last use, those of users, and users by how many they have, most first. So who is
 *   forgotten next is found at once.
 *
 * Where one of the two vanished, both are forgotten, as if all producers were: none of their sequences was above
 * `seq_top`.
 *
 * A publish that comes in order looks at one field and one block, whatever the window holds.
 */
export const dedupe = `
local of_users, of_scopes, size_step = 2 ^ 50, 2 ^ 51, 2 ^ 44

local function name_of(user, id)
  if not user then return ':' .. id end
  return #user .. ':' .. user .. id
end

local function user_of(name)
  local colon = string.find(name, ':', 1, true)
  if colon == 1 then return nil end
  return string.sub(name, colon + 1, colon + tonumber(string.sub(name, 1, colon - 1)))
end

local function block_field(name, block) return 'b' .. block .. ':' .. name end

local function window_named(name)
  local head = redis.call('HGET', windows_key, 'p' .. name)
  if not head then return nil end
  local floor, top, count, use = struct.unpack('>dddd', head)
  return { name = name, floor = floor, top = top, count = count, use = use }
end

-- The publish's own, read once.
local function window_of(publish)
  if publish.window == nil then
    publish.name = name_of(publish.user, publish.producer)
    publish.window = window_named(publish.name) or false
  end
  return publish.window or nil
end

local function offset_in(window, seq)
  if seq > window.top then return nil end
  local last = math.floor((window.count - 1) / 16)
  local fields = {}
  for block = math.max(0, last - 32), last do fields[#fields + 1] = block_field(window.name, block) end
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

local function scope_of(user)
  local record = redis.call('HGET', windows_key, 's' .. user)
  if not record then return nil end
  local scope = { user = user, floor = struct.unpack('>d', record), names = {} }
  local at = 9
  while at <= #record do scope.names[#scope.names + 1], at = struct.unpack('>I4c0', record, at) end
  return scope
end

-- There were windows, and they vanished, or those that are there are named as they were before.
local function has_lost_windows(channel)
  if channel.used == 0 then return channel.seq_top > channel.forgot_seq end
  return redis.call('EXISTS', windows_key, producers_key) < 2
end

-- Up to which sequence producers of the user may have been forgotten.
local function floor_of(channel, user)
  if not user then return channel.anonymous_seq end
  local scope = scope_of(user)
  return scope and scope.floor or channel.forgot_seq
end

local function find_producer(channel, publish, retry)
  local seq = publish.seq
  local window = window_of(publish)
  if not window and has_lost_windows(channel) then
    redis.call('UNLINK', producers_key, windows_key)
    channel.used, channel.forgot_seq = 0, math.max(channel.forgot_seq, channel.seq_top)
    channel.anonymous_seq = channel.forgot_seq
  end
  if window and seq <= window.floor then return 'unknown' end
  local offset = window and offset_in(window, seq)
  if offset then return offset end
  if retry and seq <= floor_of(channel, publish.user) then return 'unknown' end
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
  local by_seq = publish.seq and find_producer(channel, publish, publish.retry)
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
  local window = window_of(publish)
  if not window or after > window.top then return true end
  -- Most name the last one: no block is looked at for it.
  if after == window.top or after <= window.floor then return false end
  return not offset_in(window, after)
end

-- Its floor or its names changed: it becomes the last of those with as many.
local function place(channel, scope)
  local member, size = 's' .. scope.user, #scope.names
  if size == 0 then
    redis.call('ZREM', producers_key, member)
    redis.call('HDEL', windows_key, member)
    return
  end
  channel.placings = channel.placings + 1
  redis.call('ZADD', producers_key, of_scopes + (127 - size) * size_step + channel.placings, member)
  local parts = { struct.pack('>d', scope.floor) }
  for _, name in ipairs(scope.names) do parts[#parts + 1] = struct.pack('>I4', #name) .. name end
  redis.call('HSET', windows_key, member, table.concat(parts))
end

local function forget_producer(channel, name)
  local window = window_named(name) or { top = 0, count = 0 }
  local fields = { 'p' .. name }
  local last = math.floor((window.count - 1) / 16)
  for block = math.max(0, last - 32), last do fields[#fields + 1] = block_field(name, block) end
  redis.call('HDEL', windows_key, unpack(fields))
  redis.call('ZREM', producers_key, 'p' .. name)
  local user = user_of(name)
  local scope = user and scope_of(user)
  if not scope then
    channel.anonymous_seq = math.max(channel.anonymous_seq, window.top)
    return
  end
  for i, other in ipairs(scope.names) do
    if other == name then
      table.remove(scope.names, i)
      break
    end
  end
  scope.floor = math.max(scope.floor, window.top)
  if #scope.names == 0 then channel.forgot_seq = math.max(channel.forgot_seq, scope.floor) end
  place(channel, scope)
end

local function oldest_of(scope)
  local fields = {}
  for i, name in ipairs(scope.names) do fields[i] = 'p' .. name end
  local oldest, its_use = nil, math.huge
  for i, head in ipairs(redis.call('HMGET', windows_key, unpack(fields))) do
    local use = head and struct.unpack('>d', head, 25) or 0
    if use < its_use then oldest, its_use = scope.names[i], use end
  end
  return oldest
end

-- Anonymous clients first, then the user who has most, and where all have one, the one that published longest ago.
local function dispensable_producer()
  local oldest = redis.call('ZRANGE', producers_key, 0, 0, 'WITHSCORES')
  if tonumber(oldest[2]) >= of_users then
    local heaviest = redis.call('ZRANGEBYSCORE', producers_key, of_scopes, '+inf', 'LIMIT', 0, 1)[1]
    local scope = heaviest and scope_of(string.sub(heaviest, 2))
    if scope and #scope.names > 1 then return oldest_of(scope) end
  end
  return string.sub(oldest[1], 2)
end

local function make_room_for_producer(channel, publish)
  local scope = publish.user and scope_of(publish.user)
  local share = math.max(1, math.min(${producersOfOneUser}, math.floor(publish.max_producers / 2)))
  if scope and #scope.names > share then forget_producer(channel, oldest_of(scope)) end
  -- Two at most, so that one publish does not pay for a bound that was lowered.
  for _ = 1, 2 do
    if redis.call('ZCOUNT', producers_key, 0, of_scopes - 1) > publish.max_producers then
      forget_producer(channel, dispensable_producer())
    end
  end
end

local function open_window(channel, publish)
  local user = publish.user
  local scope = user and (scope_of(user) or { user = user, floor = channel.forgot_seq, names = {} })
  if scope then
    scope.names[#scope.names + 1] = publish.name
    place(channel, scope)
  end
  -- What a producer that may have been forgotten published before can no longer be told.
  local floor = math.min(publish.seq - 1, scope and scope.floor or channel.anonymous_seq)
  return { name = publish.name, floor = floor, top = 0, count = 0 }
end

local function drop_block(window, block)
  local field = block_field(window.name, block)
  local dropped = redis.call('HGET', windows_key, field)
  if not dropped then return end
  for at = 1, #dropped, 16 do window.floor = math.max(window.floor, (struct.unpack('>d', dropped, at))) end
  redis.call('HDEL', windows_key, field)
end

local function record_producer(channel, publish, offset)
  local seq, known = publish.seq, window_of(publish)
  local window = known or open_window(channel, publish)
  local block = math.floor(window.count / 16)
  local field = block_field(window.name, block)
  local before = ''
  if window.count % 16 > 0 then before = redis.call('HGET', windows_key, field)
  elseif block > 32 then drop_block(window, block - 33) end
  window.count = window.count + 1
  window.top = math.max(window.top, seq)
  -- In steps: it is written with one publish of many.
  if seq > channel.seq_top then channel.seq_top = math.ceil(seq / 64) * 64 end
  channel.used = channel.used + 1
  local head = struct.pack('>dddd', window.floor, window.top, window.count, channel.used)
  redis.call('HSET', windows_key, field, before .. struct.pack('>dd', seq, offset), 'p' .. window.name, head)
  redis.call('ZADD', producers_key, (publish.user and of_users or 0) + channel.used, 'p' .. window.name)
  if not known then make_room_for_producer(channel, publish) end
end

local function record(channel, publish, offset)
  if publish.id then record_id(channel, publish.id, offset) end
  if publish.seq then record_producer(channel, publish, offset) end
end

-- Found by its message id: its sequence is known from now on too.
local function record_repeated(channel, publish, offset)
  if publish.seq and find_producer(channel, publish, true) == 'new' then
    record_producer(channel, publish, offset)
  end
end
`;
