import type { Buffer } from 'node:buffer';
import { type Database, type RootDatabase, open } from 'lmdb';
import { StoreError } from '../files/store-error.js';
import { WriteTransactions } from '../files/write-transactions.js';

export type Table = Database<Buffer, Buffer>;

/** The databases in a store's file. A channel is known in all but `channels` by its number. */
export interface Databases {
  readonly root: RootDatabase<Buffer, Buffer>;
  /** Every change runs in one of them. */
  readonly transactions: WriteTransactions;
  /** `store` and `clock`, as JSON. */
  readonly meta: Table;
  /** name → head, as JSON. */
  readonly channels: Table;
  /** channel, offset → operation: those that a log retains, the last of each entry, removals that are remembered. */
  readonly operations: Table;
  /** channel, key → offset of its last operation. */
  readonly entries: Table;
  /** channel, offset of a removal → key. */
  readonly removals: Table;
  /** channel, key → until when and whose, as JSON. */
  readonly leases: Table;
  /** end of a lease, channel, key → channel and key. */
  readonly expiries: Table;
  /** channel, user and message id → offset. */
  readonly messageIds: Table;
  /** channel, user and producer → its last publishes; channel, user → which producers they have. */
  readonly producers: Table;
  /** channel, place → producer or user: who is forgotten first is first (`producer-windows.ts`). */
  readonly uses: Table;
  /** bucket of channels → the epoch that those of it begin in, as one was forgotten. */
  readonly forgotten: Table;
  /** commit, part → what it stored, for those who watch. */
  readonly journal: Table;
}

const binary = { encoding: 'binary', keyEncoding: 'binary' } as const;

/**
 * Opens or makes the file. `overlappingSync` has to be off, and it is what makes an acknowledgement true: LMDB then
 * writes the pages of a transaction, syncs them, and only after that writes the page that makes them the state, through
 * a descriptor that syncs (`mdb_txn_commit`: flush, `mdb_env_sync0`, `mdb_env_write_meta`). A commit that returned is
 * on the disk, and no reader of any process sees one that is not. With it on, as lmdb-js has it, readers would see what
 * a power cut can take back, and offsets would be given twice.
 */
export function openDatabases(path: string, mapSize: number): Databases {
  const root = open<Buffer, Buffer>({
    ...binary,
    path,
    noSubdir: false,
    overlappingSync: false,
    mapSize,
    maxDbs: 16,
    maxReaders: 1024,
  });
  let transactions: WriteTransactions | undefined;
  try {
    transactions = new WriteTransactions(root, path);
    return { root, transactions, ...openTables(root, transactions, path) };
  } catch (error) {
    transactions?.close();
    void root.close();
    throw error;
  }
}

export async function closeDatabases({ root, transactions }: Databases): Promise<void> {
  transactions.close();
  await root.close();
}

/** In a transaction, which sees the newest state: to open the file may have set back what others see of it. */
function openTables(
  root: RootDatabase<Buffer, Buffer>,
  transactions: WriteTransactions,
  path: string,
): Omit<Databases, 'root' | 'transactions'> {
  const table = (name: string): Table => root.openDB<Buffer, Buffer>(name, binary);
  return transactions.run(() => {
    requireOurs(root, path);
    return {
      meta: table('meta'),
      channels: table('channels'),
      operations: table('operations'),
      entries: table('entries'),
      removals: table('removals'),
      leases: table('leases'),
      expiries: table('expiries'),
      messageIds: table('message-ids'),
      producers: table('producers'),
      uses: table('uses'),
      forgotten: table('forgotten'),
      journal: table('journal'),
    };
  });
}

const tables = [
  ...['meta', 'channels', 'operations', 'entries', 'removals', 'leases', 'expiries', 'message-ids', 'producers'],
  ...['uses', 'forgotten', 'journal'],
];

/**
 * Throws `StoreError` where the file holds what no store of ours has: it is another program's, and nothing may be
 * written to it.
 */
function requireOurs(root: RootDatabase<Buffer, Buffer>, path: string): void {
  const names = [...root.getKeys({ limit: tables.length + 1 })].map((key) => key.toString('utf8').replace(/\0$/, ''));
  const other = names.find((name) => !tables.includes(name));
  if (other === undefined) return;
  throw new StoreError(
    `The file data.mdb in ${path} is an LMDB file of another program: it holds ${JSON.stringify(other.slice(0, 50))}. Choose another directory for the store.`,
  );
}
