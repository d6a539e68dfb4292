import { LongwaveError, codeMessages } from '@longwave/protocol';
import type { Answer, Argument } from './links/request.js';
import { UnavailableError } from './links/request.js';
import type { Server } from './links/server.js';
import { reasonOf } from './options.js';
import type { Script } from './scripts/index.js';
import type { Topology } from './topology/topology.js';

/** A call of a script. */
export interface Call {
  readonly script: Script;
  readonly keys: readonly string[];
  readonly args: readonly Argument[];
}

export type Reply = readonly unknown[];

export function argumentsOf({ script, keys, args }: Call): readonly Argument[] {
  return [script.sha, keys.length, ...keys, ...args];
}

/** About, in bytes. */
export function sizeOf({ keys, args }: Call): number {
  let size = 64 * (keys.length + args.length);
  for (const arg of args) if (typeof arg !== 'number') size += arg.length;
  return size;
}

/** The Cluster has changed: others may know who has the shard. */
const misplaced = /^(?:MOVED|ASK|TRYAGAIN|CLUSTERDOWN|READONLY|CROSSSLOT)/;

/** The owner of a shard is asked for within that time. */
const misplacedMs = 300;
const maxAttempts = 5;

/** Sends each call to the server that has its shard, and turns refusals into errors. */
export class Router {
  readonly #topology: Topology;

  constructor(topology: Topology) {
    this.#topology = topology;
  }

  /** A call that came to the wrong server is made again to the right one: unlike appends, reads and compactions have no order. */
  async read(shard: number, call: Call): Promise<Reply> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#readOnce(shard, call);
      } catch (error) {
        const isMisplaced = misplaced.test(reasonOf(error)) && !(error instanceof UnavailableError);
        if (!isMisplaced || attempt === maxAttempts) throw this.explain(error);
        this.#topology.doubt();
        await new Promise((resolve) => setTimeout(resolve, misplacedMs));
      }
    }
  }

  #readOnce(shard: number, call: Call): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#topology.locate(
        shard,
        (server) => {
          server.reads
            .request('EVALSHA', () => argumentsOf(call), sizeOf(call))
            .then((answer) => this.check(server, answer))
            .then(resolve, reject);
        },
        reject,
      );
    });
  }

  /** Returns a script's reply, unless it refused. Throws `LongwaveError`. */
  check(server: Server, { reply }: Answer): Reply {
    const values = reply as Reply;
    const status = textOf(values[0]);
    if (status === 'ok') return values;
    if (status === 'late') {
      const now = Number(values[1]);
      // The clock of the server is another than it was, or this came when nobody waited for it any more.
      server.clock.reset(now);
      throw new UnavailableError(`${server.name} refused what came too late; nothing was stored. Try again.`);
    }
    if (status === 'replica') {
      const error = new UnavailableError(`${server.name} is a replica now; nothing was stored. Try again.`);
      for (const link of [server.appends, server.reads, server.news]) link.restart(error);
      this.#topology.doubt();
      throw error;
    }
    if (status === 'no-log') {
      const error = new UnavailableError(
        `${server.name} keeps no append-only file any more; nothing was stored. Set appendonly to yes, or ask for 'memory'.`,
      );
      server.appends.restart(error);
      throw error;
    }
    throw refusalOf(status, values[1]);
  }

  /** An error of Redis as one of the store: transient, with what to do. */
  explain(error: unknown): Error {
    if (error instanceof LongwaveError) return error;
    const reason = reasonOf(error);
    if (misplaced.test(reason)) this.#topology.doubt();
    return new UnavailableError(`Redis refused: ${reason}${adviceFor(reason)}`, { cause: error });
  }
}

export function textOf(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString() : String(value);
}

function refusalOf(status: string, detail: unknown): Error {
  switch (status) {
    case 'too-old':
    case 'out-of-order':
      return new LongwaveError(status, codeMessages[status]);
    case 'conflict':
      return new LongwaveError('conflict', `The entry has version ${Number(detail)}, not the one that was expected.`);
    case 'elsewhere':
      return new LongwaveError('conflict', `The log ends at ${Number(detail)}, not where it was expected to.`);
    case 'other-epoch':
      return new LongwaveError('epoch-changed', codeMessages['epoch-changed']);
    case 'not-retained':
      return new LongwaveError('trimmed', `There is no message ${Number(detail)}: the log does not retain it.`);
    case 'full-log':
      return new LongwaveError('too-large', `The log has ${Number(detail)} bytes, and may not have so many more.`);
    case 'too-many':
      return new LongwaveError('too-many', 'The channel holds as many entries as it may.');
    case 'too-large':
      return new LongwaveError('too-large', 'The entries of the channel take as many bytes as they may.');
    case 'full':
      return new LongwaveError('too-many', 'The store holds as many channels as it may.');
    case 'wrong-kind':
      return new UnavailableError(
        `The channel was written as ${textOf(detail) === 'log' ? 'a log' : 'state'}: declare it so, or take another name.`,
      );
    default:
      return new UnavailableError(`Redis answered '${status}', which no script of this version does.`);
  }
}

function adviceFor(reason: string): string {
  if (reason.startsWith('OOM')) return ' Give it more memory (maxmemory), or retain less.';
  if (reason.startsWith('MISCONF')) return ' Its disk is full or fails: see its log.';
  if (reason.startsWith('NOREPLICAS')) return ' It has fewer replicas than min-replicas-to-write asks for.';
  if (reason.startsWith('NOPERM'))
    return ' Its user needs +@all on the keys and channels of the prefix: see the README.';
  return '';
}
