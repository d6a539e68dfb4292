import { announce } from './announce.js';
import { channel } from './channel.js';
import { dedupe, forgetId } from './dedupe.js';
import { operation } from './operation.js';
import { publish } from './publish.js';
import { retention } from './retention.js';
import { lineage, server } from './server.js';

const keys = `
local changes_key, ids_key, producers_key, windows_key, ops_key = KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local forgotten_key = KEYS[8]
local entries_key, live_key, gone_key
local own_keys = { ids_key, producers_key, windows_key, ops_key }
`;

/**
 * ARGV[10] to [12]: count, bytes and age to retain. [13]: whether it is whole. [14]: the offset of the last operation, as it is
 * expected (LOG-4). [15], [16]: epoch and offset of the message that it redacts (RED-1).
 */
const main = `
local max_count, max_bytes, max_age = tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12])
local keeps_all, expect = ARGV[13] == '1', tonumber(ARGV[14])
local channel, refusal = open_for('log')
if not channel then return refusal end
local repeated = answer_repeated(channel)
if repeated then return repeated end
if expect and expect ~= channel.top then return { 'elsewhere', channel.top } end
if keeps_all and channel.bytes + change.payload_size > max_bytes then return { 'full-log', channel.bytes } end

local redacts = tonumber(ARGV[16])
if redacts then
  if channel.epoch ~= ARGV[15] then return { 'other-epoch' } end
  local text = redacts > channel.floor and redis.call('LINDEX', ops_key, redacts - channel.floor - 1)
  local op = text and parse_operation(text)
  if not op or op.time < now - channel.age then return { 'not-retained', redacts } end
  if op.kind > 0 then
    if publish.seq then record_producer(channel, publish, channel.top) end
    return acknowledge(channel, channel.top, true)
  end
  redis.call('LSET', ops_key, redacts - channel.floor - 1, redacted(text))
  channel.bytes = channel.bytes - op.payload_size
end

channel.top = channel.top + 1
channel.bytes = channel.bytes + change.payload_size
channel.age = max_age
local text = stamp(channel.top, ARGV[2])
redis.call('RPUSH', ops_key, text)
record(channel, publish, channel.top)
if not keeps_all then trim(channel, max_count, max_bytes, now - max_age) end
local reply = acknowledge(channel, channel.top, false)
announce(channel, { { text = text, delta = '' } })
return reply
`;

export const appendToLog = [
  server,
  keys,
  lineage,
  channel,
  operation,
  forgetId,
  dedupe,
  announce,
  publish,
  retention,
  main,
].join('');
