import { createHash, randomBytes } from 'node:crypto';

/** 128 random bits in 22 characters of base64url. None begins with `-`: on a command line that would be an option. */
export function makeId(): string {
  return randomBytes(16).toString('base64url').replace(/^-/, '_');
}

/** SHA-256, of which 96 bits in 16 characters of base64url. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
