/** Trimming of logs (LOG-2). A script drops 1,000 operations at most; the next one goes on. */
export const retention = `
local function trim(channel, max_count, max_bytes, oldest)
  local batch = math.max(1, math.min(100, channel.top - channel.floor - max_count))
  local dropped = 0
  while channel.top > channel.floor and dropped < 1000 do
    local head = redis.call('LRANGE', ops_key, 0, batch - 1)
    local count, bytes, gone = channel.top - channel.floor, channel.bytes, {}
    for _, text in ipairs(head) do
      local op = parse_operation(text)
      if count <= max_count and bytes <= max_bytes and op.time >= oldest then break end
      count = count - 1
      bytes = bytes - op.payload_size
      gone[#gone + 1] = op
    end
    if #gone == 0 then return end
    redis.call('LPOP', ops_key, #gone)
    channel.floor, channel.bytes, dropped = channel.top - count, bytes, dropped + #gone
    for _, op in ipairs(gone) do forget_id(channel, op) end
    if channel.floor == channel.top and channel.has_ids then
      redis.call('UNLINK', ids_key)
      channel.has_ids = false
    end
    if #gone < #head then return end
    batch = 100
  end
end
`;
