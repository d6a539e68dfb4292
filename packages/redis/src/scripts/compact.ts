import { channel } from './channel.js';
import { operation } from './operation.js';
import { lineage, server } from './server.js';

const keys = `
local changes_key, ids_key, producers_key, windows_key, ops_key = KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local entries_key, live_key, gone_key
local own_keys = { ids_key, producers_key, windows_key, ops_key }
`;

/**
 * Puts one operation, of which ARGV[3] is the body, in the place of all up to the offset ARGV[2], if the epoch is ARGV[1] still
 * (DOC-1). The operations that it replaces are not looked at, however many they are: what is counted anew is the rest.
 *
 * It is written before anything is dropped. So where Redis refuses to write, nothing has changed.
 */
const main = `
local channel = open_whole()
local offset = tonumber(ARGV[2])
if not channel or channel.kind ~= 'log' or channel.epoch ~= ARGV[1] then return { 'ok', 0 } end
if offset <= channel.floor or offset > channel.top then return { 'ok', 0 } end

local place = offset - channel.floor - 1
local stamp = string.sub(redis.call('LINDEX', ops_key, place), 1, 16)
redis.call('LSET', ops_key, place, stamp .. ARGV[3])
if place > 0 then redis.call('LTRIM', ops_key, place, -1) end
channel.floor, channel.bytes = offset - 1, parse_body(ARGV[3], 1).payload_size

local ids = {}
for from = 1, channel.top - offset, 100 do
  for _, text in ipairs(redis.call('LRANGE', ops_key, from, from + 99)) do
    local op = parse_operation(text)
    channel.bytes = channel.bytes + op.payload_size
    local id = id_key(op)
    if id then ids[#ids + 1] = { id, op.offset } end
  end
end
-- Ids of the operations that it replaced are forgotten with them. The field without a name is none.
if channel.has_ids and redis.call('HLEN', ids_key) - 1 > #ids then
  redis.call('UNLINK', ids_key)
  channel.has_ids, channel.forgot_ids = #ids > 0, 1
  if #ids > 0 then redis.call('HSET', ids_key, '', 1) end
  for _, id in ipairs(ids) do redis.call('HSET', ids_key, id[1], id[2]) end
end
save(channel)
return { 'ok', 1 }
`;

export const compact = [server, keys, lineage, channel, operation, main].join('');
