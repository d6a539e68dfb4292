/**
 * The beginning of every script: the time of the server, and its identity. `rid` is new after each restart and
 * failover, which is how a script learns that the end of what it is about to read may have been lost.
 *
 * The time of a script is one: `now`, in milliseconds since the Unix epoch.
 */
export const server = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local info = redis.call('INFO', 'replication')
if not string.find(info, 'role:master', 1, true) then return { 'replica' } end
local _, rid_at = string.find(info, 'master_replid:', 1, true)
local rid = string.sub(info, rid_at + 1, rid_at + 12)
`;

/**
 * Epochs (EPOCH-1). A channel has its own from its first operation on; one that does not exist has that of its shard.
 * Both go on in another epoch when `rid` differs from the one they were written under: the channel's after the top that
 * it still has, the shard's after 0, since every operation of a channel that is not there may have been lost.
 *
 * Needs KEYS[1], the shard, and `changes_key`.
 */
export const lineage = `
local shard_key = KEYS[1]

local function extend_epoch(epoch, top, id)
  local parts = {}
  for part in string.gmatch(epoch, '[^~]+') do parts[#parts + 1] = part end
  parts[#parts + 1] = string.format('%.0f', top) .. '.' .. id
  local first = math.max(1, #parts - 7)
  parts[first] = string.match(parts[first], '[^.]+$')
  return table.concat(parts, '~', first)
end

local function continue_epoch(epoch, top)
  -- A server may have had the log before, as in a Cluster whose slots move there and back: each part has an id of its own.
  local id = rid
  if string.find(epoch, id, 1, true) then id = string.sub(redis.sha1hex(rid .. epoch), 1, 12) end
  return extend_epoch(epoch, top, id)
end

-- Writes it where it can be: a server that is out of memory or disk still answers who reads, with the same epoch each time.
local function continue_at(key, epoch, top)
  local continued = continue_epoch(epoch, top)
  redis.pcall('HSET', key, 'epoch', continued, 'rid', rid)
  return continued
end

local function open_shard()
  local shard = redis.call('HMGET', shard_key, 'epoch', 'rid')
  if shard[1] and shard[2] == rid then return shard[1] end
  if shard[1] then return continue_at(shard_key, shard[1], 0) end
  -- Never written, or all of it was lost: nothing that anybody knows of it is true.
  local epoch = string.sub(redis.sha1hex(table.concat({ info, shard_key, time[1], time[2] }, ' ')), 1, 22)
  -- Where the record alone vanished, the sequence goes on.
  local last = redis.call('ZRANGE', changes_key, -1, -1, 'WITHSCORES')[2]
  redis.call('HSET', shard_key, 'epoch', epoch, 'rid', rid, 'seq', last or 0)
  return epoch
end
`;
