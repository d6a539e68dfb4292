import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from './server-process.mjs';

const root = mkdtempSync(join(tmpdir(), 'longwave-bench-docs-'));
process.on('exit', () => rmSync(root, { recursive: true, force: true }));

/** @type {Map<string, Promise<string>>} */
const prepared = new Map();
let copies = 0;

/**
 * A folder of its own in which a server finds these documents. They are written once for each kind of server.
 * @param {string} server @param {string} label @param {() => Iterable<import('./servers/orders.mjs').StoredDocument>} documents
 */
export async function storedFolder(server, label, documents) {
  const key = `${server}-${label}`;
  const original = prepared.get(key) ?? write(server, join(root, key), documents());
  prepared.set(key, original);
  const copy = join(root, `copy-${++copies}`);
  cpSync(await original, copy, { recursive: true });
  return copy;
}

/** @param {string} server @param {string} folder @param {Iterable<import('./servers/orders.mjs').StoredDocument>} documents */
async function write(server, folder, documents) {
  mkdirSync(folder);
  // All cores: what it costs to write them is not measured.
  const writer = await startServer(server, folder, '0-1');
  for (const document of documents) await writer.tell('store', document);
  await writer.close();
  return folder;
}

/** Bytes of all files under a folder. @param {string} folder @returns {number} */
export function folderBytes(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/**
 * Runs a server on a copy of these documents, and removes it afterwards.
 * @template T
 * @param {{ readonly server: string, readonly label: string, readonly documents: () => Iterable<import('./servers/orders.mjs').StoredDocument>, readonly cores?: string }} setup
 * @param {(server: import('./server-process.mjs').ServerProcess, folder: string) => Promise<T>} work
 */
export async function withServer({ server: name, label, documents, cores }, work) {
  const folder = await storedFolder(name, label, documents);
  const server = await startServer(name, folder, cores);
  try {
    await server.untilIdle();
    return await work(server, folder);
  } finally {
    await server.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
