import { type Duration, type RulesOf, checkOptions, option, toMilliseconds } from '@longwave/protocol';

/** Options of `lmdb`. */
export interface LmdbOptions {
  /**
   * Directory of the store; it is made if it does not exist. It must be on a disk of this machine, and only processes
   * of this machine may open it.
   */
  readonly path: string;
  /**
   * Most channels in the store, so that users who may open rooms cannot fill the disk. One more is refused with
   * `too-many`. Default 100,000.
   */
  readonly maxLogs?: number;
  /**
   * Clients whose publishes are remembered in each channel, at most 64 and at most half of them of one user (PUB-2,
   * PUB-11). Default 10,000.
   */
  readonly maxProducers?: number;
  /** Bytes of address space for the map of the file, which take neither memory nor disk. Default 64 GiB. */
  readonly mapSize?: number;
  /** Time without a write after which an empty channel is forgotten, such as `'12h'` or milliseconds. Default `'7d'`. */
  readonly forgetAfter?: Duration;
}

const defaults = {
  maxLogs: 100_000,
  maxProducers: 10_000,
  mapSize: 64 * 2 ** 30,
  forgetAfter: '7d',
} as const;

export type ResolvedOptions = Required<Omit<LmdbOptions, 'forgetAfter'>> & { readonly forgetAfterMs: number };

const rules: RulesOf<LmdbOptions> = {
  path: { ...option.text, accepts: 'the name of a directory', required: true },
  maxLogs: option.wholeNumber(1),
  maxProducers: option.wholeNumber(1),
  mapSize: option.wholeNumber(1),
  forgetAfter: option.duration(1, Number.MAX_SAFE_INTEGER),
};

/** Throws `TypeError` that names an option which cannot be. */
export function resolveOptions(options: LmdbOptions): ResolvedOptions {
  checkOptions('lmdb', options, rules);
  const { path, maxLogs, maxProducers, mapSize, forgetAfter = defaults.forgetAfter } = options;
  return {
    path,
    maxLogs: maxLogs ?? defaults.maxLogs,
    maxProducers: maxProducers ?? defaults.maxProducers,
    mapSize: mapSize ?? defaults.mapSize,
    forgetAfterMs: toMilliseconds(forgetAfter),
  };
}
