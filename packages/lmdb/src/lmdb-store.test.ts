import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { storeContract } from '@longwave/testkit/contracts';
import { openStore } from './open-store.js';

storeContract('lmdb', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'longwave-'));
  let ahead = 0;
  return {
    store: openStore({ path: folder }, () => Date.now() + ahead),
    advance: (byMs) => void (ahead += byMs),
    close: () => rmSync(folder, { recursive: true }),
  };
});
