import type { Carried, Received } from './sayable.js';
import type { InputOf, OutputOf, Schema } from './schema.js';
import { checkOptions } from '../values/check-options.js';
import { schema } from './contract-rules.js';
import { describeValue, isPlainObject } from '../values/describe-value.js';
import { isSchema } from './is-schema.js';
import { wireLimits } from '../limits.js';

/** A request of the server to a client, with a reply. {@link clientCall} makes it. */
export interface ClientCallDefinition<In extends Schema = Schema, Out extends Schema = Schema> {
  readonly input: In;
  readonly output: Out;
}

/** Calls of the server to its clients by method name. A client needs only their type, by `typeof`. */
export type ClientCalls = Readonly<Record<string, ClientCallDefinition>>;

const required = { ...schema, required: true };

/**
 * Defines a call of the server to a client: schemas of its input and of the client's answer. The server checks both, as
 * a client may answer anything (CALL-7). Throws `TypeError` when one of them is no schema.
 * @example
 * ```ts
 * const confirm = clientCall(z.object({ question: z.string() }), z.boolean());
 * ```
 */
export function clientCall<In extends Schema, Out extends Schema>(
  input: In & Carried<In>,
  output: Out & Carried<Out>,
): ClientCallDefinition<In, Out> {
  checkOptions('clientCall', { input, output }, { input: required, output: required });
  return { input, output };
}

/**
 * Defines the calls that the server may make to its clients, by method name. Server and client share it: the server by
 * its option `clientCalls`, the client by its type. Throws `TypeError` on a value that `clientCall` did not make,
 * `RangeError` on an empty or too long name.
 * @example
 * ```ts
 * export const clientCalls = defineClientCalls({ confirm: clientCall(question, z.boolean()) });
 * ```
 */
export function defineClientCalls<const H extends ClientCalls>(calls: H): H {
  if (!isPlainObject(calls)) {
    throw new TypeError(`defineClientCalls: the calls are ${describeValue(calls)}; they must be a plain object.`);
  }
  for (const [name, definition] of Object.entries(calls)) {
    if (!isClientCall(definition)) {
      throw new TypeError(`defineClientCalls: ${name} is ${describeValue(definition)}; it must be made by clientCall.`);
    }
    if (name.length === 0 || name.length > wireLimits.methodLength) {
      throw new RangeError(`defineClientCalls: '${name}' must have 1 to ${wireLimits.methodLength} characters.`);
    }
  }
  return calls;
}

/** Tells whether `clientCall` made a value. */
export function isClientCall(value: unknown): boolean {
  return isPlainObject(value) && isSchema(value['input']) && isSchema(value['output']);
}

/** Type of the input that the server gives. */
export type ClientCallInput<H extends ClientCalls, Method extends keyof H> = InputOf<H[Method]['input']>;

/** Type of the client's answer, as the server gets it. */
export type ClientCallOutput<H extends ClientCalls, Method extends keyof H> = OutputOf<H[Method]['output']>;

/** Functions of a client that answer the server's calls, by method name. */
export type ClientHandlers<H extends ClientCalls> = {
  readonly [Method in keyof H]?: (
    input: Received<OutputOf<H[Method]['input']>>,
  ) => InputOf<H[Method]['output']> | Promise<InputOf<H[Method]['output']>>;
};
