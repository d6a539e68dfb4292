import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type DocumentFormat, Engine, MemoryStore } from '@longwave/core';
import { type Schema, defineChannels, doc, log, map, value } from '@longwave/protocol';
import { onTestFinished } from 'vitest';
import { Gate } from '../../gate/gate.js';
import { ScriptHost } from '../../requests/script-host.js';
import { ReaderHost } from '../../readers/reader-host.js';
import { type HttpApiOptions, createHttpApi } from '../http-api.js';
import { Capacity } from '../../http/capacity.js';
import { RequestQueues } from '../../requests/request-queues.js';

/** The API key of the served API. */
export const key = 'k-3b1f6f0e';

const chat: Schema<{ text: string }> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) =>
      typeof (value as { text?: unknown }).text === 'string'
        ? { value: value as { text: string } }
        : { issues: [{ message: 'Expected a text', path: ['text'] }] },
  },
};

const channels = defineChannels({
  'chat/:room': log({ message: chat }),
  'board/:name': map({ maxKeys: 2000, presence: {} }),
  'notes/:name': map({ value: chat }),
  'score/:game': value(),
  'doc/:id': doc(),
  'open/:room': log({ redactable: true }),
  ':name': log(),
  '@me': log({ redactable: true }),
});

/** Its updates are letters, and say all of them. */
const letters: DocumentFormat = {
  check: () => undefined,
  compact: (updates) => Uint8Array.from(updates.flatMap(({ payload }) => [...payload])),
};

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line typescript/no-explicit-any -- tests look into whatever comes
  readonly body: any;
}

type Call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

/** The client's files, as a build makes them. */
async function scriptFolder(): Promise<URL> {
  const folder = await mkdtemp(path.join(tmpdir(), 'longwave-script-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const extension of ['js', 'mjs']) await writeFile(path.join(folder, `longwave.${extension}`), 'export {};');
  return pathToFileURL(`${folder}/`);
}

/** Serves an engine and its HTTP API on a real server, until the test has ended. `Kind` makes the store. */
export async function serve(options: Partial<HttpApiOptions> = {}, Kind = MemoryStore) {
  const errors: unknown[] = [];
  const clock = {
    now: () => Date.now(),
    setTimer: (callback: () => void, delayMs: number) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    defer: (callback: () => void) => void setImmediate(callback),
  };
  const memory = new Kind({ clock, makeId: randomUUID });
  const logger = { error: (message: string, cause: unknown) => errors.push([message, cause]), info: () => undefined };
  const engine = new Engine({
    channels,
    store: memory,
    clock,
    random: () => 0,
    makeId: randomUUID,
    digest: (text) => text,
    logger,
    cluster: { label: 'host' },
    documents: letters,
  });
  const gate = new Gate({ allowedOrigins: undefined, allowedHosts: undefined, logger });
  const script = new ScriptHost({ path: '/longwave', gate, logger, folder: await scriptFolder() });
  const api = createHttpApi(engine, { apiKeys: [key], logger, ...options }, { scripts: script.path });
  const readers = new ReaderHost({
    engine,
    makeId: randomUUID,
    logger,
    basePath: options.basePath ?? '',
    gate,
    capacity: new Capacity(engine, 1000),
    queues: new RequestQueues(),
    proxies: 0,
    publicHistory: true,
  });
  const server = createServer((request, response) => {
    if (script.handle(request, response) || readers.handle(request, response) || api(request, response)) return;
    response.writeHead(418).end('not ours');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    await engine.close();
  });
  const call: Call = async (method, target, body, headers = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${target}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
  return { engine, memory, port, errors, call };
}
