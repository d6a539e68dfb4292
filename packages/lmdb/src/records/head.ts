import { Buffer } from 'node:buffer';

/** Tells a file from its copies. */
export interface FileIdentity {
  readonly inode: string;
  /** When it was made, null where that is not known. */
  readonly bornMs: number | null;
}

/** Facts about a store, in its file. */
export interface StoreRecord {
  /** Version of the layout of the file. */
  readonly schema: number;
  /** Epoch of channels that were never there; each keeps the one it began in. */
  readonly epoch: string;
  /** Channels that were forgotten, none: 0. */
  readonly forgotten?: number;
  /** Where it is. */
  readonly file: FileIdentity;
}

/** Counters that move with every commit. */
export interface ClockRecord {
  /** The last commit that is in the journal. */
  commit: number;
  /** Commits up to here are no longer in the journal. */
  journalFloor: number;
  journalBytes: number;
  /** When the journal was last looked through for what is too old, by the steady clock. Not there: never. */
  trimmedAt?: number;
  channels: number;
  /** The last number that a channel was given. */
  lastChannel: number;
  /** Time of the leases, in milliseconds, and when it was looked at last, by the steady clock of the machine. */
  leaseMs: number;
  lookedAt: number;
}

interface CommonHead {
  readonly number: number;
  readonly epoch: string;
  top: number;
  floor: number;
  /** Bytes of the payloads that are retained, and of the keys of entries. */
  bytes: number;
  /** Producers that are remembered, and how often one published. */
  producers: number;
  uses: number;
  /** How often a user came to have another number of them. */
  placings: number;
  /** The highest sequence of the users that were forgotten as a whole. */
  forgottenSeq: number;
  /** The highest sequence of the anonymous clients that were forgotten. */
  anonymousFloor: number;
  /** A message id was forgotten. */
  forgotIds: boolean;
  /** When it was last written. */
  writtenAt: number;
}

export interface LogHead extends CommonHead {
  readonly kind: 'log';
  /**
   * Records up to here are gone; those between here and the floor are not retained, and still to be removed. Not there: none are.
   */
  removedTo?: number;
  /** The bound of the last append, null for none. */
  maxAgeMs: number | null;
}

export interface StateHead extends CommonHead {
  readonly kind: 'state';
  entries: number;
  removals: number;
  /** The bound of the last change: what expires is forgotten by it. */
  maxRemovals: number;
  /** Where the application's own state stood that this one includes, null if it never said. */
  standsAt: number | null;
}

/** Facts about a channel. */
export type Head = LogHead | StateHead;

export function decodeJson<T>(record: Buffer): T {
  return JSON.parse(record.toString('utf8')) as T;
}

export function encodeJson(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

export function newHead(kind: Head['kind'], number: number, epoch: string): Head {
  const common = {
    number,
    epoch,
    top: 0,
    floor: 0,
    bytes: 0,
    producers: 0,
    uses: 0,
    placings: 0,
    forgottenSeq: 0,
    anonymousFloor: 0,
    forgotIds: false,
    writtenAt: 0,
  };
  return kind === 'log'
    ? { ...common, kind, maxAgeMs: null }
    : { ...common, kind, entries: 0, removals: 0, maxRemovals: 0, standsAt: null };
}
