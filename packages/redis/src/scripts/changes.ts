import { lineage, server } from './server.js';

/**
 * Which channels of a shard changed after the sequence ARGV[2], if its epoch is ARGV[1] still and nothing of that was
 * forgotten: otherwise the node compares all that it watches. KEYS: the shard, its changes. 1,000 channels an answer,
 * the oldest change first: a node that gets as many asks again, from the last one on.
 */
const main = `
local epoch = open_shard()
local shard = redis.call('HMGET', shard_key, 'seq', 'forgot')
local seq, forgot, known = tonumber(shard[1]) or 0, tonumber(shard[2]) or 0, tonumber(ARGV[2])
if epoch ~= ARGV[1] or known > seq or known < forgot then return { 'ok', epoch, seq, 1 } end
if known == seq then return { 'ok', epoch, seq, 0 } end
local since = string.format('%.0f', known)
local changed = redis.call('ZRANGE', KEYS[2], '(' .. since, '+inf', 'BYSCORE', 'LIMIT', 0, 1000, 'WITHSCORES')
-- The set vanished.
if #changed < 2000 and tonumber(changed[#changed]) ~= seq then return { 'ok', epoch, seq, 1 } end
return { 'ok', epoch, seq, 0, unpack(changed) }
`;

export const changes = [server, 'local changes_key = KEYS[2]', lineage, main].join('');
