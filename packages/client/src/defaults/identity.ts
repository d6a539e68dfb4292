import { base64UrlEncode } from '@longwave/protocol/client';

/** 128 random bits, as 22 characters that are safe everywhere. */
export function createRandomId(): string {
  return base64UrlEncode(crypto.getRandomValues(new Uint8Array(16)));
}
