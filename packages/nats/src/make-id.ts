import { randomBytes } from 'node:crypto';

/** 128 random bits in 22 characters of base64url. None begins with `-`: on a command line that would be an option. */
export function makeId(): string {
  return randomBytes(16).toString('base64url').replace(/^-/, '_');
}
