import {
  type ClientCallDefinition,
  type ClientCalls as Definitions,
  type Duration,
  LongwaveError,
  checkOptions,
  decodePayload,
  describeValue,
  encodePayload,
  option,
  readDuration,
  wireLimits,
} from '@longwave/protocol';
import type { ConnectionResult, Question, Result } from '../sessions/asking.js';
import { checkArguments } from '../channels/server-arguments.js';
import { validate } from '../channels/publisher.js';
import { ownBytes } from '../guards/own-bytes.js';
import { chain } from '../base/maybe-promise.js';
import { UnencodableError, fault } from '../base/fault.js';
import type { Context } from '../sessions/session.js';
import { type PackedConnectionResult, packQuestion, unpackResult } from './call-handlers.js';
import type { Cluster } from './cluster.js';

const defaultTimeoutMs = 30_000;
/** For the other nodes to tell, by the store, which connections did not answer in time. */
const wayMs = 2000;

/** Options of a call to a client. */
export interface ClientCallOptions {
  /** Time until the call rejects with `timeout`, such as `'5s'` or milliseconds. Default 30 s. */
  readonly timeout?: Duration;
}

const optionRules = { timeout: option.duration(1, 2 ** 31 - 1) };

/** The reply of one connection of a user, or why there is none. */
export type ClientReply<Output = unknown> =
  | { readonly connection: string; readonly output: Output; readonly error?: undefined }
  | { readonly connection: string; readonly output?: undefined; readonly error: LongwaveError };

/** The replies of a user's connections. */
export interface ClientReplies<Output = unknown> {
  /** One for each connection. */
  readonly replies: readonly ClientReply<Output>[];
  /** Nodes that did not answer in time: there may be more connections there, which may have been called. */
  readonly missing: readonly string[];
}

export interface ClientCallsOptions {
  readonly context: Context;
  readonly definitions: Definitions;
  /** Undefined: this node is alone. */
  readonly cluster: Cluster | undefined;
  readonly random: () => number;
}

/** Calls of the server to clients, wherever they are connected (CALL-3 to CALL-7). */
export class ClientCalls {
  readonly #context: Context;
  readonly #definitions: Definitions;
  readonly #cluster: Cluster | undefined;

  readonly #random: () => number;

  constructor({ context, definitions, cluster, random }: ClientCallsOptions) {
    this.#context = context;
    this.#random = random;
    this.#definitions = definitions;
    this.#cluster = cluster;
  }

  /**
   * Calls one connection. Rejects with the client's code, `unknown-method`, `timeout`, `unavailable` where it is gone,
   * `rate-limited` where too many calls wait for it, `invalid-data` and `too-large`.
   */
  async connection(id: string, method: string, input: unknown, options: ClientCallOptions = {}): Promise<unknown> {
    checkOptions('connection', { id }, { id: { ...option.text, required: true } });
    const definition = this.#definition(method);
    const question = await this.#question(definition, method, input, options);
    const at = id.lastIndexOf('-');
    const [node, serial] = [id.slice(0, at), Number(id.slice(at + 1))];
    const result =
      node === this.#context.node
        ? await this.#context.asking.askConnection(serial, question)
        : await this.#elsewhere(node, serial, question);
    return this.#outputOf(definition, result);
  }

  /** Calls all connections of a user. Rejects as `connection`, but for failures of one of them. */
  async user(user: string, method: string, input: unknown, options: ClientCallOptions = {}): Promise<ClientReplies> {
    checkArguments.user('call', user);
    const definition = this.#definition(method);
    const question = await this.#question(definition, method, input, options);
    const [here, { results, missing }] = await Promise.all([
      this.#context.asking.askUser(user, question),
      this.#everywhere(user, question),
    ]);
    const replies = oncePerConnection([...here, ...results]).map(async ({ connection, result }) => {
      try {
        return { connection, output: await this.#outputOf(definition, result) };
      } catch (error) {
        return { connection, error: error instanceof LongwaveError ? error : fault('internal') };
      }
    });
    return { replies: await Promise.all(replies), missing };
  }

  #definition(method: string): ClientCallDefinition {
    const definition = Object.hasOwn(this.#definitions, method) ? this.#definitions[method] : undefined;
    if (definition) return definition;
    throw new LongwaveError('unknown-method', `The option clientCalls has no ${describeValue(method)}.`);
  }

  async #question(
    { input: schema }: ClientCallDefinition,
    method: string,
    input: unknown,
    options: ClientCallOptions,
  ): Promise<Question> {
    checkOptions('call', options, optionRules);
    // As it was when the call was made: a schema may take its time.
    const payload = await chain(validate(schema, ownBytes(input)), encode);
    if (payload.length > wireLimits.messageBytes) {
      throw new LongwaveError(
        'too-large',
        `The input has ${payload.length} units; at most ${wireLimits.messageBytes}.`,
      );
    }
    const { timeout = defaultTimeoutMs } = options;
    // Nobody can guess it, and no two calls to a client have the same.
    const id = 1 + Math.floor(this.#random() * 2 ** 52);
    return { id, method, value: decodePayload(payload), timeoutMs: readDuration(timeout) };
  }

  async #outputOf({ output }: ClientCallDefinition, result: Result): Promise<unknown> {
    if ('error' in result) throw result.error;
    return validate(output, result.value);
  }

  async #elsewhere(node: string, serial: number, question: Question): Promise<Result> {
    const nodes = (await this.#cluster?.nodes()) ?? [];
    if (!this.#cluster || !nodes.includes(node)) return { error: gone() };
    const asked = { ...packQuestion(question), node, serial };
    const { byNode } = await this.#cluster.calls.ask('connection', asked, [node], question.timeoutMs);
    const answer = byNode.get(node);
    return answer ? unpackResult(answer as Parameters<typeof unpackResult>[0]) : { error: fault('timeout') };
  }

  async #everywhere(
    user: string,
    question: Question,
  ): Promise<{ readonly results: readonly ConnectionResult[]; readonly missing: readonly string[] }> {
    if (!this.#cluster) return { results: [], missing: [] };
    const asked = { ...packQuestion(question), user };
    const { byNode, missing } = await this.#cluster.calls.ask(
      'user',
      asked,
      this.#cluster.nodes(),
      question.timeoutMs + wayMs,
    );
    const results = [...byNode.values()].flatMap((answers) =>
      (answers as readonly PackedConnectionResult[]).map(({ result, ...at }) => ({
        ...at,
        result: unpackResult(result),
      })),
    );
    return { results, missing };
  }
}

/** A client over requests may be known to several nodes, where it was a moment ago: the one that it answered counts. */
function oncePerConnection(results: readonly ConnectionResult[]): readonly ConnectionResult[] {
  const byClient = new Map<string, ConnectionResult>();
  for (const result of results) {
    const other = byClient.get(result.client);
    if (!other || isGone(other)) byClient.set(result.client, result);
  }
  return [...byClient.values()];
}

function isGone({ result }: ConnectionResult): boolean {
  return 'error' in result && result.error.code === 'unavailable';
}

function encode(data: unknown): string | Uint8Array {
  try {
    return encodePayload(data);
  } catch (cause) {
    throw new UnencodableError(cause);
  }
}

function gone(): LongwaveError {
  return new LongwaveError('unavailable', 'The connection is gone.');
}
