import { Buffer } from 'node:buffer';

/** Streams and subjects of one deployment. */
export interface Names {
  /** The stream that holds the journals of a shard. */
  journal(shard: number): string;
  /** All journals of a shard. */
  journals(shard: number): string;
  /** The stream of everything else: what is agreed on, checkpoints, which channels have leases. */
  readonly meta: string;
  readonly metas: string;
  readonly agreement: string;
  eras(shard: number): string;
  count(shard: number): string;
  lease(channel: string): string;
  readonly leases: string;
  /** On which nodes tell that they are there. Not stored. */
  readonly nodes: string;
  /** A topic of the relay. Not stored. */
  relay(topic: string): string;
  of(channel: string, shard: number): ChannelNames;
}

export interface ChannelNames {
  readonly journal: string;
  readonly checkpoint: string;
  /** Subject of a part of a checkpoint that does not fit into one message. */
  part(id: string, index: number): string;
  readonly parts: string;
}

export function createNames(prefix: string): Names {
  return {
    journal: (shard) => `${prefix}_journal_${shard}`,
    journals: (shard) => `${prefix}.journal.${shard}.*`,
    meta: `${prefix}_meta`,
    metas: `${prefix}.meta.>`,
    agreement: `${prefix}.meta.agreement`,
    eras: (shard) => `${prefix}.meta.eras.${shard}`,
    count: (shard) => `${prefix}.meta.count.${shard}`,
    lease: (channel) => `${prefix}.meta.lease.${tokenOf(channel)}`,
    leases: `${prefix}.meta.lease.*`,
    nodes: `${prefix}.nodes`,
    relay: (topic) => `${prefix}.relay.${tokenOf(topic)}`,
    of(channel, shard) {
      const token = tokenOf(channel);
      return {
        journal: `${prefix}.journal.${shard}.${token}`,
        checkpoint: `${prefix}.meta.checkpoint.${shard}.${token}`,
        part: (id, index) => `${prefix}.meta.part.${shard}.${token}.${id}.${index}`,
        parts: `${prefix}.meta.part.${shard}.${token}.>`,
      };
    },
  };
}

/** Any text becomes one token of a subject. */
function tokenOf(channel: string): string {
  return `c${Buffer.from(channel).toString('base64url')}`;
}

/** The channel of the last token of a subject. */
export function channelOf(subject: string): string {
  return Buffer.from(subject.slice(subject.lastIndexOf('.') + 2), 'base64url').toString();
}

/** FNV-1a, 32 bits: the same on every node. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
