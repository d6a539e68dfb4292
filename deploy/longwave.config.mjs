// What the server serves, and to whom. Start from here: `longwave serve longwave.config.mjs`.
import { createHmac, timingSafeEqual } from 'node:crypto';
import process from 'node:process';
import { LongwaveError, defineChannels, log, map } from 'longwave';

const secret = process.env['LONGWAVE_TOKEN_SECRET'] ?? '';
if (secret.length < 32) {
  throw new Error('Set LONGWAVE_TOKEN_SECRET to 32 characters or more: openssl rand -hex 32');
}

export const channels = defineChannels({
  'chat/:room': log({ retain: { maxCount: 10_000, age: '30d' }, presence: {} }),
  'state/:name': map({ maxKeys: 20_000 }),
});

/** Your application hands out tokens `user.signature`: the HMAC-SHA256 of the user with the secret, in base64url. @param {string} [token] */
export function authenticate(token = '') {
  const dot = token.lastIndexOf('.');
  if (dot <= 0) throw new LongwaveError('unauthenticated', 'A token is needed.');
  const user = token.slice(0, dot);
  const given = Buffer.from(token.slice(dot + 1), 'base64url');
  const right = createHmac('sha256', secret).update(user).digest();
  if (given.length !== right.length || !timingSafeEqual(given, right)) {
    throw new LongwaveError('unauthenticated', 'The token is not signed by us.');
  }
  return { user };
}

/**
 * Whoever has a token may read everything and write into rooms. State is written by your back ends, with the API key.
 * @param {import('longwave').AuthorizeContext} context
 */
export function authorize({ action, channel }) {
  return action === 'subscribe' || action === 'history' || channel.startsWith('chat/');
}
