import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Store } from '@longwave/core';
import { lmdb } from '@longwave/lmdb';
import { type Server, createServer, memory } from '@longwave/node';
import { doc, defineChannels, log } from '@longwave/protocol';
import { type YjsOptions, yjs } from '@longwave/yjs/server';
import { onTestFinished } from 'vitest';

export const channels = defineChannels({ 'doc/:id': doc(), 'small/:id': doc({ maxBytes: 100_000 }), chat: log() });

export const storeKinds = ['memory', 'lmdb'] as const;

export interface DocumentServers {
  readonly servers: readonly Server<typeof channels>[];
  /** Lines of their logs that tell of something wrong. */
  readonly told: readonly string[];
}

/** Servers over one store: with LMDB as many as asked for, each with a store of its own in one folder; in memory all share one. */
export function startServers(
  kind: (typeof storeKinds)[number],
  count = 1,
  options: YjsOptions = {},
  wrap: (store: Store) => Store = (store) => store,
): DocumentServers {
  const told: string[] = [];
  const error = (message: string, cause?: unknown): void => void told.push(`${message} ${String(cause)}`);
  const logger = { error, info: () => undefined };
  const folder = mkdtempSync(path.join(tmpdir(), 'longwave-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const shared = memory();
  const open = (): Store => (kind === 'lmdb' ? lmdb({ path: path.join(folder, 'store') }) : shared);
  const servers = Array.from({ length: count }, () =>
    createServer({ channels, documents: yjs(options), store: wrap(open()), logger }),
  );
  onTestFinished(async () => {
    for (const server of servers) await server.close();
  });
  return { servers, told };
}
