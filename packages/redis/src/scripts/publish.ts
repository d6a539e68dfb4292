/**
 * The head that both appends share. The first arguments are the same for both: until when it may be done, the body, producer,
 * sequence, what it comes after, whether it is a retry, producers remembered, channels of the shard, and the durability: with 1 a
 * duplicate has to write something, so that `WAIT` waits for what it repeats; with 2 the server has to keep a log on disk.
 */
export const publish = `
if now > tonumber(ARGV[1]) then return { 'late', now } end
if ARGV[9] == '2' and not string.find(redis.call('INFO', 'persistence'), 'aof_enabled:1', 1, true) then
  return { 'no-log' }
end

local publish = {
  producer = ARGV[3], seq = tonumber(ARGV[4]), after = tonumber(ARGV[5]), retry = ARGV[6] == '1',
  max_producers = tonumber(ARGV[7]),
}
local change = parse_body(ARGV[2], 1)
publish.id, publish.user = id_key(change), change.user

local function acknowledge(channel, offset, duplicate)
  save(channel)
  if duplicate and ARGV[9] == '1' then redis.call('HSET', shard_key, 'repeated', now) end
  return { 'ok', channel.epoch, offset, duplicate and 1 or 0, now }
end

local function open_for(kind)
  local channel = open_whole()
  if channel and not channel.kind then channel.kind = kind end
  if channel and channel.kind ~= kind then return nil, { 'wrong-kind', channel.kind } end
  if channel then return channel end
  if (tonumber(redis.call('HGET', shard_key, 'channels')) or 0) >= tonumber(ARGV[8]) then return nil, { 'full' } end
  return new_channel(kind)
end

-- The reply to a publish that came before the one it names, or was stored already. Nothing for one that is new.
local function answer_repeated(channel)
  -- Check the order before the message id: a match by id would make later publishes believe that this sequence is stored.
  if overtakes(publish) then return { 'out-of-order' } end
  local found = find(channel, publish)
  if found == 'new' then return nil end
  if found == 'unknown' then return { 'too-old' } end
  record_repeated(channel, publish, found)
  return acknowledge(channel, found, true)
end
`;
