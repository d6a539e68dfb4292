import { announce } from './announce.js';
import { channel } from './channel.js';
import { dedupe, forgetId } from './dedupe.js';
import { entries } from './entries.js';
import { leaseClock, leases } from './leases.js';
import { operation } from './operation.js';
import { publish } from './publish.js';
import { lineage, server } from './server.js';

const keys = `
local changes_key, ids_key, producers_key, windows_key, entries_key = KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local live_key, gone_key, holders_key, leases_key = KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local forgotten_key = KEYS[12]
local ops_key = entries_key
local own_keys = { ids_key, producers_key, windows_key, entries_key, live_key, gone_key, holders_key }
`;

/**
 * ARGV[10]: `put`, `delete`, `load` or `touch`. [11]: the delta, or nothing. [12]: the version that is expected. [13]
 * to [15]: time in milliseconds, holder, rank. [16]: only if it changes something. [17]: the number `at` of the
 * application's state. [18] to [20]: bounds of keys, bytes and removals. [21]: why a load is beyond the bounds; [22]:
 * the bodies of one, each after its length.
 */
const main = `
local kind, delta = ARGV[10], ARGV[11]
local expect, ttl, holder, rank = tonumber(ARGV[12]), tonumber(ARGV[13]), ARGV[14], tonumber(ARGV[15])
local if_changed, at = ARGV[16] == '1', tonumber(ARGV[17])
local max_keys, max_bytes = tonumber(ARGV[18]), tonumber(ARGV[19])
local key = change.key

local channel, refusal = open_for('state')
if not channel then return refusal end
channel.removals = tonumber(ARGV[20])

-- Only behind what was not refused: that comes again.
local function stand_at()
  if at then channel.stands_at = math.max(channel.stands_at, at) end
end

-- It is done, and there was nothing to do.
local function nothing(offset)
  if publish.seq then record_producer(channel, publish, offset) end
  stand_at()
  return acknowledge(channel, offset, true)
end

local function stored(body, its_delta)
  local op = store(channel, body, its_delta)
  record(channel, publish, channel.top)
  stand_at()
  local reply = acknowledge(channel, channel.top, false)
  announce(channel, { op })
  return reply
end

local function load()
  if channel.top > 0 or channel.stands_at > -math.huge then return acknowledge(channel, channel.top, true) end
  if ARGV[21] ~= '' then return { ARGV[21] } end
  channel.stands_at = at or -math.huge
  local ops = {}
  local place = 1
  while place <= #ARGV[22] do
    local size = struct.unpack('>I4', ARGV[22], place)
    ops[#ops + 1] = store(channel, string.sub(ARGV[22], place + 4, place + 3 + size), '')
    place = place + 4 + size
  end
  local reply = acknowledge(channel, channel.top, false)
  announce(channel, ops)
  return reply
end

local function touch()
  local lease = lease_of(key)
  if lease and lease.holder == holder then hold(key, lease, ttl, holder, lease.rank) end
  if channel.is_new then return { 'ok', channel.epoch, 0, 1, now } end
  return acknowledge(channel, channel.top, true)
end

local function require_room(before)
  if not before and redis.call('ZCARD', live_key) >= max_keys then return { 'too-many' } end
  local others = channel.bytes
  if before then others = others - before.payload_size else others = others + #key end
  if others + change.payload_size > max_bytes then return { 'too-large' } end
  return nil
end

local function is_same(before)
  if before.user ~= change.user or before.flags % 2 ~= change.flags % 2 then return false end
  return string.sub(before.text, before.payload_from) == string.sub(ARGV[2], change.payload_from)
end

local function apply()
  local before = entry_of(key)
  local version = before and before.offset or 0
  if expect and expect ~= version then return { 'conflict', version } end
  local lease = lease_of(key)
  if before and lease and rank < lease.rank then return nothing(before.offset) end
  if kind == 'delete' then
    if not before then return nothing(channel.top) end
    if lease then end_lease(key) end
    return stored(ARGV[2], '')
  end
  if if_changed and before and is_same(before) then
    hold(key, lease, ttl, holder, rank)
    return nothing(before.offset)
  end
  local full = require_room(before)
  if full then return full end
  hold(key, lease, ttl, holder, rank)
  return stored(ARGV[2], delta)
end

local repeated = answer_repeated(channel)
if repeated then return repeated end
if kind == 'load' then return load() end
if kind == 'touch' then return touch() end
if at and at <= channel.stands_at then return nothing(channel.top) end
return apply()
`;

export const appendToState = [
  server,
  keys,
  lineage,
  channel,
  operation,
  forgetId,
  dedupe,
  announce,
  publish,
  leaseClock,
  leases,
  entries,
  main,
].join('');
