import type { Carried, Received } from './sayable.js';
import type { InputOf, OutputOf, Schema } from './schema.js';
import { checkOptions, option } from '../values/check-options.js';
import { schema } from './contract-rules.js';
import { describeValue, isPlainObject } from '../values/describe-value.js';
import { wireLimits } from '../limits.js';

/** Who calls. */
export interface CallContext {
  /** The authenticated user, if any. */
  readonly user: string | undefined;
  /** What `authenticate` said of the user. */
  readonly claims: unknown;
}

/** A request with a reply. Made by {@link call}. */
export interface CallDefinition<S extends Schema = Schema, Output = unknown> {
  readonly input: S | undefined;
  handle(input: OutputOf<S>, context: CallContext): Output | Promise<Output>;
}

/** Handlers by method name. The client takes their types from `typeof`, nothing else. */
export type Calls = Readonly<Record<string, CallDefinition>>;

const rules = { input: { ...schema, required: true }, handle: { ...option.callback, required: true } };

/** A handler whose input is checked by `input`, a Standard Schema, before it runs. Throws `TypeError` on what is none. */
export function call<S extends Schema, Output>(
  input: S & Carried<S>,
  handle: (input: OutputOf<S>, context: CallContext) => Output | Promise<Output>,
): CallDefinition<S, Output> {
  checkOptions('call', { input, handle }, rules);
  return { input, handle };
}

/** The methods that clients may call. Throws `TypeError` on what `call` did not make, `RangeError` on a name that no client could call. */
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

/** Whether `call` made it. */
export function isCall(value: unknown): boolean {
  return isPlainObject(value) && typeof value['handle'] === 'function';
}

export type CallInput<K extends Calls, Method extends keyof K> =
  K[Method] extends CallDefinition<infer S, infer _> ? InputOf<S> : never;

export type CallOutput<K extends Calls, Method extends keyof K> =
  K[Method] extends CallDefinition<infer _, infer Output> ? Received<Output> : never;
