/**
 * Stored operations are published as one message, or as several of 256 KiB: the sequence of the shard, the epoch, and
 * each operation with its delta, each with its length before it. Which channels changed at which sequence stands in the
 * sorted set `changes`, of at most 4096 channels: `forgot` is the highest sequence that fell out of it, and `forgotten`
 * a set of bits for the channels that did.
 */
export const announce = `
local function announce(channel, ops)
  if #ops == 0 then return end
  local seq = redis.call('HINCRBY', shard_key, 'seq', #ops)
  redis.call('ZADD', changes_key, seq, channel_name)
  local over = redis.call('ZCARD', changes_key) - 4096
  if over > 0 then
    local popped = redis.call('ZPOPMIN', changes_key, over)
    redis.call('HSET', shard_key, 'forgot', popped[#popped])
    for i = 1, #popped, 2 do redis.call('SETBIT', forgotten_key, bucket_of(popped[i]), 1) end
  end
  local message, size = {}, 0
  for i, op in ipairs(ops) do
    message[#message + 1] = struct.pack('>I4', #op.text) .. op.text .. struct.pack('>I4', #op.delta) .. op.delta
    size = size + #op.text + #op.delta
    if size > 262144 or i == #ops then
      -- Of one that goes on in another the sequence is not reached yet.
      local head = struct.pack('>dI4', i == #ops and seq or 0, #channel.epoch)
      redis.call('SPUBLISH', channel_key, head .. channel.epoch .. table.concat(message))
      message, size = {}, 0
    end
  end
end
`;
