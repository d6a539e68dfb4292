import type { Carried, Received } from './sayable.js';
import type { ConnectionContext } from './connection.js';
import type { InputOf, OutputOf, Schema } from './schema.js';
import { checkOptions, option } from '../values/check-options.js';
import { schema } from './contract-rules.js';
import { describeValue, isPlainObject } from '../values/describe-value.js';
import { wireLimits } from '../limits.js';

/** The caller of a call. */
export type CallContext<Claims = unknown> = ConnectionContext<Claims>;

/** A request with a reply. {@link call} makes it. */
export interface CallDefinition<S extends Schema = Schema, Output = unknown, Claims = unknown> {
  readonly input: S | undefined;
  handle(input: OutputOf<S>, context: CallContext<Claims>): Output | Promise<Output>;
}

/** Calls by method name. A client needs only their type, by `typeof`. */
export type Calls<Claims = unknown> = Readonly<Record<string, CallDefinition<Schema, unknown, Claims>>>;

const rules = { input: { ...schema, required: true }, handle: { ...option.callback, required: true } };

/**
 * Defines a call. `input`, a Standard Schema, checks the input before `handle` runs; the client gets the value that
 * `handle` returns. A handler that reads claims says their type, by `context: CallContext<Claims>`. Throws `TypeError` when `input` is no schema or `handle` no function.
 * @example
 * ```ts
 * const add = call(pairOfNumbers, ({ a, b }) => a + b);
 * ```
 */
export function call<S extends Schema, Output, Claims = unknown>(
  input: S & Carried<S>,
  handle: (input: OutputOf<S>, context: CallContext<Claims>) => Output | Promise<Output>,
): CallDefinition<S, Output, Claims> {
  checkOptions('call', { input, handle }, rules);
  return { input, handle };
}

/**
 * Defines the calls that clients may make, by method name. Throws `TypeError` on a value that `call` did not make,
 * `RangeError` on an empty or too long name.
 * @example
 * ```ts
 * export const calls = defineCalls({ add: call(pairOfNumbers, ({ a, b }) => a + b) });
 * ```
 */
export function defineCalls<const K extends Calls>(calls: K): K {
  if (!isPlainObject(calls)) {
    throw new TypeError(`defineCalls: the calls are ${describeValue(calls)}; they must be a plain object.`);
  }
  for (const [name, definition] of Object.entries(calls)) {
    if (!isCall(definition)) {
      throw new TypeError(`defineCalls: ${name} is ${describeValue(definition)}; it must be made by call.`);
    }
    if (name.length === 0 || name.length > wireLimits.methodLength) {
      throw new RangeError(`defineCalls: '${name}' must have 1 to ${wireLimits.methodLength} characters.`);
    }
  }
  return calls;
}

/** Tells whether `call` made a value. */
export function isCall(value: unknown): boolean {
  return isPlainObject(value) && typeof value['handle'] === 'function';
}

/** Type of the argument of a call. */
export type CallInput<K extends Calls, Method extends keyof K> =
  K[Method] extends CallDefinition<infer S, infer _> ? InputOf<S> : never;

/** Type of the result of a call, as the client gets it. */
export type CallOutput<K extends Calls, Method extends keyof K> =
  K[Method] extends CallDefinition<infer _, infer Output> ? Received<Output> : never;
