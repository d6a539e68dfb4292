import { announce } from './announce.js';
import { channel } from './channel.js';
import { forgetId } from './dedupe.js';
import { entries } from './entries.js';
import { leaseClock, leases } from './leases.js';
import { operation } from './operation.js';
import { lineage, server } from './server.js';

/** Which entries of a shard are over, the first ARGV[1] of them. KEYS: the shard, its leases; most shards have none. */
export const due = [
  `if redis.call('EXISTS', KEYS[2]) == 0 then return { 'ok' } end
local shard_key, leases_key = KEYS[1], KEYS[2]`,
  server,
  leaseClock,
  `return { 'ok', unpack(redis.call('ZRANGE', KEYS[2], '-inf', lease_time(), 'BYSCORE', 'LIMIT', 0, ARGV[1])) }`,
].join('\n');

const keys = `
local changes_key, ids_key, entries_key, live_key, gone_key = KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local holders_key, leases_key, forgotten_key = KEYS[8], KEYS[9], KEYS[10]
local ops_key, own_keys = entries_key, {}
`;

/** Ends those of the entries ARGV whose time is over still: another node may have been here, or its holder. */
const main = `
local channel = open_channel()
local elapsed = lease_time()
local ops = {}
for _, key in ipairs(ARGV) do
  local ends = tonumber(redis.call('ZSCORE', leases_key, lease_member(key)))
  if ends and ends <= elapsed then
    end_lease(key)
    local entry = channel and entry_of(key)
    if entry then
      local user = entry.user or ''
      local flags = 8
      if entry.user then flags = flags + 4 end
      local body = struct.pack('>BBI4I4I4I4', flags, 2, 0, #user, #key, 0) .. user .. key
      ops[#ops + 1] = store(channel, body, '')
    end
  end
end
if #ops == 0 then return { 'ok' } end
save(channel)
announce(channel, ops)
return { 'ok' }
`;

export const expire = [
  server,
  keys,
  lineage,
  channel,
  operation,
  forgetId,
  announce,
  leaseClock,
  leases,
  entries,
  main,
].join('');
