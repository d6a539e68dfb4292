export interface LmdbOptions {
  /** Directory of the store, made if it is not there. All processes that open it must run on one machine, and it must be on a disk of that machine. */
  readonly path: string;
  /** Channels that may be held, so that who may open rooms cannot fill the disk. One more is refused with `too-many`. Default 100,000. */
  readonly maxLogs?: number;
  /** Producers remembered for each channel (PUB-2). Default 10,000. */
  readonly maxProducers?: number;
  /** Bytes of address space that the file is mapped into. It takes neither memory nor disk. Default 64 GiB. */
  readonly mapSize?: number;
  /** Milliseconds after which a channel is forgotten in which nothing is retained and nothing was written. Default 7 days. */
  readonly forgetAfterMs?: number;
}

const defaults = {
  maxLogs: 100_000,
  maxProducers: 10_000,
  mapSize: 64 * 2 ** 30,
  forgetAfterMs: 7 * 86_400_000,
};

export type ResolvedOptions = Required<LmdbOptions>;

/** Throws `TypeError` for what is no number or path that can be. */
export function resolveOptions(options: LmdbOptions): ResolvedOptions {
  const { path } = options;
  if (typeof path !== 'string' || path === '') throw new TypeError(`lmdb: 'path' must name a directory, not ${String(path)}.`);
  const numbers = Object.fromEntries(
    (Object.keys(defaults) as (keyof typeof defaults)[]).map((name) => [name, wholeNumber(name, options[name] ?? defaults[name])]),
  ) as typeof defaults;
  return { path, ...numbers };
}

function wholeNumber(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new TypeError(`lmdb: '${name}' must be a whole number above 0, not ${String(value)}.`);
}
