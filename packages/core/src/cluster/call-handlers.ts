import { LongwaveError, base64Decode, base64Encode, isCode } from '@longwave/protocol';
import type { Context } from '../sessions/session.js';
import type { MaybePromise } from '../base/maybe-promise.js';
import { chain } from '../base/maybe-promise.js';
import type { ConnectionResult, OtherNodes, Question, Result } from '../sessions/asking.js';
import type { Bus } from './bus.js';

/** Data in JSON: bytes as base64. */
type PackedData = { readonly data: unknown } | { readonly bytes: string };
type PackedResult = PackedData | { readonly code: string; readonly message: string };

/** A question of one node to another, as JSON. */
export interface PackedQuestion {
  readonly id: number;
  readonly method: string;
  readonly input: PackedData;
  readonly timeoutMs: number;
}

export interface PackedConnectionResult {
  readonly connection: string;
  readonly client: string;
  readonly result: PackedResult;
}

function pack(value: unknown): PackedData {
  return value instanceof Uint8Array ? { bytes: base64Encode(value) } : { data: value };
}

function unpack(packed: PackedData): unknown {
  return 'bytes' in packed ? base64Decode(packed.bytes) : packed.data;
}

export function packQuestion({ id, method, value, timeoutMs }: Question): PackedQuestion {
  return { id, method, input: pack(value), timeoutMs };
}

function unpackQuestion({ id, method, input, timeoutMs }: PackedQuestion): Question {
  return { id, method, value: unpack(input), timeoutMs };
}

function packResult(result: Result): PackedResult {
  if ('value' in result) return pack(result.value);
  return { code: result.error.code, message: result.error.message };
}

export function unpackResult(packed: PackedResult): Result {
  if (!('code' in packed)) return { value: unpack(packed) };
  return { error: new LongwaveError(isCode(packed.code) ? packed.code : 'internal', packed.message) };
}

interface Handed {
  readonly client: string;
  readonly id: number;
  readonly result: PackedResult;
}

/** Units of the answer of one node: a store takes no message that is much larger. */
const maxAnswer = 512 * 1024;

/** The other nodes, which answer neither. */
export function othersBy(bus: Bus): OtherNodes {
  return {
    handOn: (client, id, result) => bus.ask('answer', { client, id, result: packResult(result) } satisfies Handed, []),
    announce: (client, question) => bus.ask('await', { ...packQuestion(question), client }, []),
  };
}

/** The part of this node in the calls of others. */
export function callHandlers({
  node,
  asking,
}: Pick<Context, 'node' | 'asking'>): Readonly<Record<string, (data: unknown) => MaybePromise<unknown>>> {
  return {
    connection: (data) => {
      const asked = data as PackedQuestion & { readonly node: string; readonly serial: number };
      if (asked.node !== node) return undefined;
      return chain(asking.askConnection(asked.serial, unpackQuestion(asked)), packResult);
    },
    user: (data) => {
      const asked = data as PackedQuestion & { readonly user: string };
      return chain(asking.askUser(asked.user, unpackQuestion(asked)), packAll);
    },
    await: (data) => {
      const asked = data as PackedQuestion & { readonly client: string };
      asking.awaitFor(asked.client, unpackQuestion(asked));
    },
    answer: (data) => {
      const { client, id, result } = data as Handed;
      asking.settle(client, id, unpackResult(result));
    },
  };
}

/** Replies that the answer has no room for are told as too large. */
function packAll(results: readonly ConnectionResult[]): readonly PackedConnectionResult[] {
  let units = 0;
  return results.map(({ connection, client, result }) => {
    const packed = packResult(result);
    units += JSON.stringify(packed).length;
    if (units <= maxAnswer) return { connection, client, result: packed };
    return {
      connection,
      client,
      result: { code: 'too-large', message: 'The replies of this node are too large together.' },
    };
  });
}
