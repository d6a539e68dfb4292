import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { HocuspocusProvider, HocuspocusProviderWebsocket } from 'hocuspocus-provider-4';
import { expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket-3';
import * as Y from 'yjs';

const script = fileURLToPath(new URL('testing/document-server.mjs', import.meta.url));

/** A client may close a socket that is not open yet, and listens for no error then. */
class PatientWebSocket extends WebSocket {
  constructor(url: string, protocols?: string[]) {
    super(url, protocols);
    this.on('error', () => undefined);
  }
}
const WebSocketPolyfill = PatientWebSocket as unknown as typeof globalThis.WebSocket;

async function startServer(folder: string, port: number): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(script, [folder, String(port)], { execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [bound] = (await once(child, 'message')) as [number];
  return { child, port: bound };
}

function openHocuspocus(port: number): { text: Y.Text; provider: HocuspocusProvider; close(): void } {
  const document = new Y.Doc();
  const websocketProvider = new HocuspocusProviderWebsocket({
    url: `ws://127.0.0.1:${port}/hocuspocus`,
    WebSocketPolyfill,
  });
  const provider = new HocuspocusProvider({ name: 'a', document, websocketProvider });
  provider.attach();
  const close = (): void => {
    provider.destroy();
    websocketProvider.destroy();
  };
  onTestFinished(close);
  return { text: document.getText('t'), provider, close };
}

const words = (text: Y.Text): string[] => text.toJSON().split(';').slice(0, -1);

it('hocuspocus#738: kill -9 of the server loses nothing that a client was told is stored, and doubles nothing', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'longwave-dialects-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  let { child, port } = await startServer(folder, 0);

  const stored: string[] = [];
  for (let round = 0; round < 5; round++) {
    const { text, provider, close } = openHocuspocus(port);
    await expect.poll(() => provider.isSynced && provider.unsyncedChanges).toBe(0);
    expect(words(text)).toEqual(expect.arrayContaining(stored));
    const typed: string[] = [];
    const isOver = new Promise<void>((resolve) => {
      provider.on('unsyncedChanges', () => {
        if (typed.length - provider.unsyncedChanges < 20 * (round + 1)) return;
        child.kill('SIGKILL');
        resolve();
      });
    });
    for (let i = 0; provider.isSynced && child.signalCode === null && !child.killed; i++) {
      typed.push(`${round}.${i}`);
      text.insert(text.length, `${round}.${i};`);
      await nextTurn();
    }
    await isOver;
    stored.push(...typed.slice(0, typed.length - provider.unsyncedChanges));
    close();
    if (child.signalCode === null) await once(child, 'exit');
    ({ child, port } = await startServer(folder, port));
  }

  const fresh = openHocuspocus(port);
  await expect.poll(() => fresh.provider.isSynced).toBe(true);
  const all = words(fresh.text);
  expect(all).toEqual(expect.arrayContaining(stored));
  expect(new Set(all).size).toBe(all.length);

  // One that was there all the time writes on while there is no server.
  const lasting = new Y.Doc();
  const at = `ws://127.0.0.1:${port}/yjs`;
  const survivor = new WebsocketProvider(at, 'a', lasting, { WebSocketPolyfill, disableBc: true });
  onTestFinished(() => survivor.destroy());
  await expect.poll(() => words(lasting.getText('t'))).toEqual(all);
  child.kill('SIGKILL');
  await once(child, 'exit');
  lasting.getText('t').insert(0, 'meanwhile;');
  await startServer(folder, port);
  await expect.poll(() => words(fresh.text)).toEqual(['meanwhile', ...all]);
});
