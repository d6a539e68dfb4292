import type { CryptoPort } from '../ports.js';

/** RFC 6455 §1.3 and §4.2.2, item 5.4. */
export function acceptKey(key: string, crypto: Pick<CryptoPort, 'sha1Base64'>): string {
  return crypto.sha1Base64(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
}
