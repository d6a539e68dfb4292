import { randomBytes } from 'node:crypto';
import { JetStreamApiCodes, JetStreamApiError, RetentionPolicy, StorageType, DiscardPolicy, type StreamConfig } from '@nats-io/jetstream';
import type { Link } from './connection.js';
import type { Names } from './names.js';
import type { Settings } from './options.js';
import { formatVersion } from './record.js';

/** What all nodes of a deployment have in common; written by the first. */
export interface Agreement {
  /** Epochs come of it: it is new where all was lost. */
  readonly id: string;
  readonly format: number;
  readonly shards: number;
  readonly maxProducers: number;
}

export function isStreamNotFound(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
}

/** Something else was written since. */
export function isWrongLastSequence(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamWrongLastSequence;
}

/** Makes the streams that are not there. Throws when this node does not fit the deployment. */
export async function agree(link: Link, names: Names, settings: Settings): Promise<Agreement> {
  await ensureStream(link, settings, {
    ...{ name: names.meta, subjects: [names.metas], max_msgs_per_subject: 1 },
  });
  const agreement = (await readAgreement(link, names)) ?? (await proposeAgreement(link, names, settings));
  for (const name of ['format', 'shards', 'maxProducers'] as const) {
    const ours = name === 'format' ? formatVersion : settings[name];
    if (agreement[name] === ours) continue;
    throw new Error(
      `The deployment '${settings.prefix}' has ${name} = ${agreement[name]}, this node ${ours}: use the same, or another prefix`,
    );
  }
  for (let shard = 0; shard < agreement.shards; shard++) {
    await ensureStream(link, settings, { name: names.journal(shard), subjects: [names.journals(shard)] });
  }
  return agreement;
}

async function readAgreement({ jsm }: Link, names: Names): Promise<Agreement | undefined> {
  const message = await jsm.streams.getMessage(names.meta, { last_by_subj: names.agreement });
  return message?.json<Agreement>();
}

async function proposeAgreement(link: Link, names: Names, settings: Settings): Promise<Agreement> {
  const { shards, maxProducers } = settings;
  const proposed: Agreement = { id: randomBytes(16).toString('base64url'), format: formatVersion, shards, maxProducers };
  try {
    await link.js.publish(names.agreement, JSON.stringify(proposed), { expect: { lastSubjectSequence: 0 } });
  } catch (error) {
    if (!isWrongLastSequence(error)) throw error;
  }
  return (await readAgreement(link, names)) ?? proposed;
}

type Wanted = Pick<StreamConfig, 'name' | 'subjects'> & Partial<StreamConfig>;

async function ensureStream({ jsm }: Link, { storage, replicas }: Settings, wanted: Wanted): Promise<void> {
  try {
    await jsm.streams.info(wanted.name);
  } catch (error) {
    if (!isStreamNotFound(error)) throw error;
    await jsm.streams.add({
      ...{ ...wanted, storage: storage === 'file' ? StorageType.File : StorageType.Memory, num_replicas: replicas },
      ...{ retention: RetentionPolicy.Limits, discard: DiscardPolicy.New, max_age: 0 },
      // The journal knows copies by their numbers: the server need not remember any.
      ...{ duplicate_window: 100_000_000, deny_delete: false, allow_direct: false },
    });
  }
}
