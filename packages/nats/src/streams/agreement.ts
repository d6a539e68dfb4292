import {
  JetStreamApiCodes,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  DiscardPolicy,
  type StreamInfo,
} from '@nats-io/jetstream';
import type { Link } from '../links/connection.js';
import { delay } from '../links/deadline.js';
import { makeId } from '../make-id.js';
import type { Names } from '../names.js';
import type { Settings } from '../options.js';
import { formatVersion } from './record.js';
import { type Wanted, describe, faultOf } from './stream-config.js';

/** Facts that all nodes of a deployment share; the first node writes them. */
export interface Agreement {
  /** Epochs come of it: it is new where all was lost. */
  readonly id: string;
  readonly format: number;
  readonly shards: number;
  readonly maxProducers: number;
  /**
   * Where the journal of each shard stood then: what it had before is of another deployment. For a first deployment all
   * are 0.
   */
  readonly after?: readonly number[];
}

/** Facts that this node found when it last made everything ready. */
export interface Agreed extends Agreement {
  /** The stream of everything but journals. */
  readonly meta: StreamInfo;
}

export function isStreamNotFound(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
}

function isNameTaken(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === streamNameExists;
}

/** Something else was written since. */
export function isWrongLastSequence(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamWrongLastSequence;
}

/** A server is still removing the files of a stream after it has told that it was deleted: one made then has none. */
const removalMs = 1000;
/** The servers' error for a stream with another configuration. */
const streamNameExists = 10_058;
const settleMs = 500;
const settleTries = 12;

interface Ensured {
  readonly info: StreamInfo;
  /** By this call. */
  readonly isMade: boolean;
}

/**
 * Makes the streams that are not there. `isNew` is false where this node has found them before. Throws when this node
 * does not fit the deployment.
 */
export async function agree(link: Link, names: Names, settings: Settings, isNew: boolean): Promise<Agreed> {
  const { info: meta, isMade } = await ensureStream(link, settings, wantedMeta(names), isNew);
  const agreement =
    (await readSettled(link, names, isMade ? 1 : meta.config.num_replicas)) ??
    (await proposeAgreement(link, names, settings));
  for (const name of ['format', 'shards', 'maxProducers'] as const) {
    const ours = name === 'format' ? formatVersion : settings[name];
    if (agreement[name] === ours) continue;
    throw new Error(
      `The deployment '${settings.prefix}' has ${name} = ${agreement[name]}, this node ${ours}: use the same, or another prefix`,
    );
  }
  for (let shard = 0; shard < agreement.shards; shard++) {
    await ensureStream(link, settings, wantedJournal(names, shard), isNew);
  }
  return { ...agreement, meta };
}

export function wantedMeta(names: Names): Wanted {
  return { name: names.meta, subjects: [names.metas], max_msgs_per_subject: 1 };
}

export function wantedJournal(names: Names, shard: number): Wanted {
  return { name: names.journal(shard), subjects: [names.journals(shard)] };
}

/**
 * A new leader of a stream may answer before it has all that was acknowledged: one that stays without an agreement has
 * none.
 */
export async function readSettled(link: Link, names: Names, replicas: number): Promise<Agreement | undefined> {
  for (let tries = replicas > 1 ? settleTries : 1; ;) {
    const agreement = await readAgreement(link, names);
    if (agreement || --tries === 0) return agreement;
    await delay(settleMs);
  }
}

async function readAgreement({ jsm }: Link, names: Names): Promise<Agreement | undefined> {
  const message = await jsm.streams.getMessage(names.meta, { last_by_subj: names.agreement });
  return message?.json<Agreement>();
}

async function proposeAgreement(link: Link, names: Names, settings: Settings): Promise<Agreement> {
  const { shards, maxProducers } = settings;
  const proposed: Agreement = {
    ...{ id: makeId(), format: formatVersion, shards, maxProducers },
    // Checkpoints went with the agreement before, and parts of the journals had gone already where there were some.
    after: await Promise.all(Array.from({ length: shards }, (_, shard) => lastSeqOf(link, names.journal(shard)))),
  };
  try {
    await link.js.publish(names.agreement, JSON.stringify(proposed), { expect: { lastSubjectSequence: 0 } });
  } catch (error) {
    if (!isWrongLastSequence(error)) throw error;
  }
  const agreed = await readAgreement(link, names);
  if (!agreed) throw new Error(`${names.meta} is not up to date yet`);
  return agreed;
}

async function lastSeqOf({ jsm }: Link, stream: string): Promise<number> {
  try {
    return (await jsm.streams.info(stream)).state.last_seq;
  } catch (error) {
    if (isStreamNotFound(error)) return 0;
    throw error;
  }
}

async function ensureStream(link: Link, settings: Settings, wanted: Wanted, isNew: boolean): Promise<Ensured> {
  const { jsm } = link;
  const { storage, replicas } = settings;
  try {
    const info = await jsm.streams.info(wanted.name);
    const fault = faultOf(info.config, wanted);
    if (fault !== undefined) throw new Error(fault);
    return { info, isMade: false };
  } catch (error) {
    if (!isStreamNotFound(error)) throw error;
    if (!isNew) {
      await delay(removalMs);
      return ensureStream(link, settings, wanted, true);
    }
    const stream = {
      ...{
        ...wanted,
        description: describe(settings.makeId()),
        storage: storage === 'file' ? StorageType.File : StorageType.Memory,
        num_replicas: replicas,
      },
      ...{ retention: RetentionPolicy.Limits, discard: DiscardPolicy.New, max_age: 0 },
      // The journal knows copies by their numbers: the server need not remember any.
      ...{ duplicate_window: 100_000_000, deny_delete: false, allow_direct: false },
    };
    let isMade = true;
    try {
      await jsm.streams.add(stream);
    } catch (failure) {
      // Another node was faster.
      if (!isNameTaken(failure)) throw failure;
      isMade = false;
    }
    return { info: await jsm.streams.info(wanted.name), isMade };
  }
}
