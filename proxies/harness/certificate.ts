import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** For localhost and 127.0.0.1, signed by itself. `scripts/test-proxies.mjs` has Node trust it. */
const folder = new URL('../../packages/longwave/src/cli/testing/', import.meta.url);

export const certificateFile = fileURLToPath(new URL('localhost.pem', folder));
export const keyFile = fileURLToPath(new URL('localhost.key', folder));

/** Both in one file, as HAProxy wants them. */
export function writeCombined(into: string): string {
  const file = path.join(into, 'combined.pem');
  writeFileSync(file, readFileSync(certificateFile, 'utf8') + readFileSync(keyFile, 'utf8'));
  return file;
}
