import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { encodeUpdates } from '@longwave/yjs/format';
import { expect, it, onTestFinished } from 'vitest';
import * as Y from 'yjs';
import { openers } from './testing/clients.js';
import { startServer } from './testing/server.js';

/** Bytes that may wait at a socket: a batch and the update that did not fit into it, with the host's own buffers. */
const maxWaitingBytes = 512 * 1024;
/** More than the system takes for the two ends of a connection, while the document stays small. */
const writes = 500;
const writeBytes = 24 * 1024;

it('clients of every version that read nothing cost bounded memory, are closed, and come back to all of it', async () => {
  const { server } = await startServer({ heartbeat: '4s' });
  const http = createHttpServer();
  onTestFinished(() => void http.close());
  server.attach(http);
  const sockets: Socket[] = [];
  http.on('connection', (socket) => void sockets.push(socket));
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  const { port } = http.address() as AddressInfo;

  const editors = Object.values(openers).map((open) => open(port, 'a'));
  await Promise.all(editors.map((editor) => editor.synced()));
  const stalled = [...sockets];
  expect(stalled).toHaveLength(editors.length);
  for (const editor of editors) editor.stall(true);

  const source = new Y.Doc();
  const payloads: Uint8Array[] = [];
  source.on('update', (update: Uint8Array) => {
    payloads.push(...encodeUpdates(update, () => randomBytes(8).toString('hex')));
  });
  const most = stalled.map(() => 0);
  for (let i = 0; i < writes; i++) {
    source.transact(() => {
      const text = source.getText('t');
      text.delete(0, text.length);
      text.insert(0, randomBytes(writeBytes / 2).toString('hex'));
    });
    for (const payload of payloads.splice(0)) {
      await server.engine.publish('doc/a', payload);
      // Delivery is the work of a later turn.
      await setImmediate();
      stalled.forEach(({ writableLength }, at) => (most[at] = Math.max(most[at]!, writableLength)));
    }
  }
  expect(Math.max(...most)).toBeGreaterThan(0);
  expect(Math.max(...most)).toBeLessThan(maxWaitingBytes);

  // They give no sign of life, and are given up.
  await expect.poll(() => stalled.map(({ destroyed }) => destroyed)).toEqual(stalled.map(() => true));
  for (const editor of editors) editor.stall(false);
  const whole = source.getText('t').toJSON();
  await expect.poll(() => editors.map(({ text }) => text.toJSON() === whole)).toEqual(editors.map(() => true));
  // Every version comes back after these codes.
  const codes = new Set(editors.flatMap(({ closed }) => closed));
  expect(editors.map(({ closed }) => closed.length > 0)).toEqual(editors.map(() => true));
  expect([...codes].filter((code) => ![1006, 1013, 4205].includes(code))).toEqual([]);
});
