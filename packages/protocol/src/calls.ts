import type { Carried, Received } from './sayable.js';
import type { InputOf, OutputOf, Schema } from './schema.js';

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

/** A handler whose input is checked by `input`, a Standard Schema, before it runs. */
export function call<S extends Schema, Output>(
  input: S & Carried<S>,
  handle: (input: OutputOf<S>, context: CallContext) => Output | Promise<Output>,
): CallDefinition<S, Output> {
  return { input, handle };
}

/** The methods that clients may call. */
export function defineCalls<const K extends Calls>(calls: K): K {
  return calls;
}

export type CallInput<K extends Calls, Method extends keyof K> =
  K[Method] extends CallDefinition<infer S, infer _> ? InputOf<S> : never;

export type CallOutput<K extends Calls, Method extends keyof K> =
  K[Method] extends CallDefinition<infer _, infer Output> ? Received<Output> : never;
