import { DiscardPolicy, RetentionPolicy, type StreamConfig, type StreamInfo, StorageType } from '@nats-io/jetstream';
import type { Durability } from '@longwave/protocol';

/** The settings that a stream must have as `agree` makes it. */
export type Wanted = Pick<StreamConfig, 'name' | 'subjects'> & Partial<Pick<StreamConfig, 'max_msgs_per_subject'>>;

/**
 * Says how the stream was edited so that it drops what was acknowledged, or takes nothing; undefined when it is fit.
 * Bounds that make it refuse new messages are an operator's right.
 */
export function faultOf(config: StreamConfig, wanted: Wanted): string | undefined {
  const wantedPerSubject = wanted.max_msgs_per_subject ?? -1;
  const perSubject = config.max_msgs_per_subject > 0 ? config.max_msgs_per_subject : -1;
  const drops = config.discard !== DiscardPolicy.New;
  const faults: (string | false)[] = [
    config.retention !== RetentionPolicy.Limits && `retention is '${config.retention}' and must be 'limits'`,
    config.max_age > 0 && `max_age is ${config.max_age / 1e9} s and must be 0`,
    drops && config.max_msgs > 0 && `max_msgs is ${config.max_msgs} while discard is 'old': set it to -1`,
    drops && config.max_bytes > 0 && `max_bytes is ${config.max_bytes} while discard is 'old': set it to -1`,
    perSubject !== wantedPerSubject && `max_msgs_per_subject is ${perSubject} and must be ${wantedPerSubject}`,
    wanted.subjects.some((subject) => !config.subjects?.includes(subject)) &&
      `its subjects are ${JSON.stringify(config.subjects)} and must have ${wanted.subjects.join(', ')}`,
    config.sealed === true && 'it is sealed: restore it from a copy that is not',
    config.no_ack === true && 'no_ack is true and must be false',
  ];
  const found = faults.find((fault) => fault !== false);
  return found === undefined ? undefined : `the stream ${config.name} cannot be used as it was edited: ${found}`;
}

const description = /^Longwave (\S+)$/;

/**
 * Stands in the configuration, so that all servers of a cluster say the same; when a stream was made they do not agree
 * on.
 */
export function describe(id: string): string {
  return `Longwave ${id}`;
}

/** Tells a stream from one that took its place. */
export function identityOf({ config, created }: StreamInfo): string {
  return description.exec(config.description ?? '')?.[1] ?? created;
}

/**
 * The failure that an acknowledged message of this stream survives, by its configuration and its peers now. `synced`:
 * the servers write to the disk before they acknowledge.
 */
export function levelOf({ config, cluster }: StreamInfo, synced: boolean): Durability {
  const peers = cluster?.replicas?.filter(({ current, offline }) => current && !offline).length ?? 0;
  if (config.num_replicas > 1 && peers + 1 > config.num_replicas / 2) return 'replicated';
  return synced && config.storage === StorageType.File ? 'disk' : 'memory';
}

/**
 * The failure that a message survives which needs all of them: a disk is no second machine, and the other way round.
 */
export function lowestOf(levels: readonly Durability[]): Durability {
  const [first = 'memory', ...others] = levels;
  return others.every((level) => level === first) ? first : 'memory';
}
