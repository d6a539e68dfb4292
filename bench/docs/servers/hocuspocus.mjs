// @hocuspocus/server with its database extension on SQLite. The statements are those of its SQLite extension, whose driver would
// have to be compiled; `node:sqlite` is the same library. No hooks, no logging; flushDelay and debounce as they come.
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { Database } from '@hocuspocus/extension-database';
import { Server } from '@hocuspocus/server';
import { serve, toBytes } from './orders.mjs';

const [, , folder = ''] = process.argv;
const db = new DatabaseSync(`${folder}/documents.sqlite`);
db.exec('CREATE TABLE IF NOT EXISTS "documents" ("name" varchar(255) NOT NULL, "data" blob NOT NULL, UNIQUE(name))');
const upsert =
  'INSERT INTO "documents" ("name", "data") VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET data = excluded.data';

/** @param {string} name @param {Uint8Array} state */
const write = (name, state) => void db.prepare(upsert).run(name, state);

const server = new Server({
  port: 0,
  address: '127.0.0.1',
  quiet: true,
  stopOnSignals: false,
  extensions: [
    new Database({
      fetch: async ({ documentName }) => {
        const row = db.prepare('SELECT data FROM "documents" WHERE name = ?').get(documentName);
        return /** @type {Uint8Array | undefined} */ (row?.['data']) ?? null;
      },
      store: async ({ documentName, state }) => write(documentName, state),
    }),
  ],
});
await server.listen();

serve(server.address.port, {
  /** @param {import('./orders.mjs').StoredDocument} document */
  store: ({ name, state }) => write(name, toBytes(state)),
  close: () => db.close(),
});
