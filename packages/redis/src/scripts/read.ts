import { channel } from './channel.js';
import { forgetId } from './dedupe.js';
import { operation } from './operation.js';
import { retention } from './retention.js';
import { lineage, server } from './server.js';

const keys = `
local changes_key, ids_key, producers_key, windows_key, ops_key = KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local entries_key, live_key, gone_key, holders_key = KEYS[7], KEYS[8], KEYS[9], KEYS[10]
local own_keys = { ids_key, producers_key, windows_key, ops_key, live_key, gone_key, holders_key }
`;

/**
 * ARGV[1], [2]: after, before. [3]: how many operations. [4]: how many bytes, not counting one operation. [5]: for
 * state, removals after this. [6]: `k` and the one entry that is asked for. The answer says whether the bytes ended it:
 * the node asks on.
 */
const main = `
local for_ever = 2 ^ 53 - 1
local after, before, limit, max_bytes = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local ops, bytes, cut = {}, 0, 0

-- False: it does not fit any more.
local function take(text)
  if #ops > 0 and bytes + #text > max_bytes then
    cut = 1
    return false
  end
  ops[#ops + 1] = text
  bytes = bytes + #text
  return true
end

-- So many at once that a page is not read many times over, nor much of it for nothing.
local function batch_of(channel)
  local average = channel.bytes / math.max(1, channel.top - channel.floor) + 64
  return math.max(1, math.min(200, math.floor(max_bytes / average)))
end

local function read_forward(channel, first, last)
  local batch = batch_of(channel)
  while first <= last do
    local till = math.min(last, first + batch - 1)
    local from = first - channel.floor - 1
    for _, text in ipairs(redis.call('LRANGE', ops_key, from, till - channel.floor - 1)) do
      if not take(text) then return end
    end
    first = till + 1
  end
end

local function read_backward(channel, first, last)
  local batch = batch_of(channel)
  while first <= last and cut == 0 do
    local from = math.max(first, last - batch + 1)
    local texts = redis.call('LRANGE', ops_key, from - channel.floor - 1, last - channel.floor - 1)
    for i = #texts, 1, -1 do
      if not take(texts[i]) then break end
    end
    last = from - 1
  end
  for i = 1, math.floor(#ops / 2) do ops[i], ops[#ops - i + 1] = ops[#ops - i + 1], ops[i] end
end

local function read_log(channel)
  local last = math.min(channel.top, before and before - 1 or channel.top)
  if after then
    local first = math.max(channel.floor, after) + 1
    return read_forward(channel, first, math.min(last, first + limit - 1))
  end
  return read_backward(channel, math.max(channel.floor + 1, last - limit + 1), last)
end

-- Keys behind an offset, of both sets in the order of their offsets.
local function keys_after(offset, gone_after, count)
  local live = redis.call('ZRANGE', live_key, '(' .. offset, '+inf', 'BYSCORE', 'LIMIT', 0, count, 'WITHSCORES')
  local gone = redis.call('ZRANGE', gone_key, '(' .. gone_after, '+inf', 'BYSCORE', 'LIMIT', 0, count, 'WITHSCORES')
  local found, l, g = {}, 1, 1
  while #found < count and (l < #live or g < #gone) do
    local is_live = g > #gone or (l < #live and tonumber(live[l + 1]) < tonumber(gone[g + 1]))
    if is_live then
      found[#found + 1] = live[l]
      l = l + 2
    else
      found[#found + 1] = gone[g]
      g = g + 2
    end
  end
  return found
end

local function read_state(channel)
  local gone_after = tonumber(ARGV[5])
  local offset = string.format('%.0f', after or 0)
  while #ops < limit do
    local wanted = math.min(limit - #ops, 100)
    local found = keys_after(offset, string.format('%.0f', math.max(gone_after, offset)), wanted)
    if #found == 0 then return end
    for _, text in ipairs(redis.call('HMGET', entries_key, unpack(found))) do
      if not take(text) then return end
    end
    offset = string.format('%.0f', (struct.unpack('>d', ops[#ops])))
    if #found < wanted then return end
  end
end

local channel = open_whole()
if not channel then return { 'ok', open_shard(), 0, 0, 0, ops } end
if channel.kind == 'log' then
  -- Where nothing can be written it stays for now, as it would if nobody asked. The first operation of a log that is whole may be
  -- large, and is not looked at.
  if channel.age < for_ever then pcall(trim, channel, math.huge, math.huge, now - channel.age) end
  pcall(save, channel)
  if limit > 0 then read_log(channel) end
elseif ARGV[6] ~= '' then
  local text = redis.call('HGET', entries_key, string.sub(ARGV[6], 2))
  if text and not parse_operation(text).removal then take(text) end
elseif limit > 0 then read_state(channel) end
return { 'ok', channel.epoch, channel.floor, channel.top, cut, ops }
`;

export const read = [server, keys, lineage, channel, operation, forgetId, retention, main].join('');
