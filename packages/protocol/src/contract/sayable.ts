import type { InputOf, OutputOf } from './schema.js';

type Scalar = string | number | boolean | null | undefined;
/** Known to be fine without a look inside: it may be recursive. */
type Json = Scalar | readonly Json[] | { readonly [name: string]: Json };
type Bytes = ArrayBuffer | ArrayBufferView;
/** More than its properties: they would come to nothing. */
type Opaque =
  | bigint
  | symbol
  | ((...args: never[]) => unknown)
  | WithToJson<unknown>
  | { readonly [Symbol.toStringTag]: string };
type WithToJson<Said> = { toJSON(...args: never[]): Said };
/** `any` is not looked into, and neither is `unknown`. */
type IsUnknown<T> = unknown extends T ? true : false;

/** `T` with what `toJSON` gives in place of its object. */
type Resolved<T> = T extends Json
  ? T
  : T extends WithToJson<infer Said>
    ? Resolved<Said>
    : T extends Opaque
      ? T
      : T extends object
        ? { [Name in keyof T]: Resolved<T[Name]> }
        : T;

/** `T` with `never` in place of what JSON cannot say. */
type Sayable<T> = T extends Json
  ? T
  : T extends Opaque
    ? never
    : T extends object
      ? { [Name in keyof T]: Sayable<T[Name]> }
      : T;

type IsSayable<T> =
  IsUnknown<T> extends true ? true : [Exclude<T, Bytes>] extends [Sayable<Exclude<T, Bytes>>] ? true : false;

/**
 * What arrives of a `T`: as JSON says it, so a text in place of a `Date`. Bytes arrive as `Uint8Array`.
 */
export type Received<T> = IsUnknown<T> extends true ? T : ReceivedPart<T>;
type ReceivedPart<T> = T extends Bytes ? Uint8Array : [T] extends [Resolved<T>] ? T : Resolved<T>;

/**
 * Of a schema in a contract: nothing, or what does not fit it and names the fault. A publisher's data go as JSON, so what a
 * schema takes must be what JSON says; what it makes of them may have a `toJSON`.
 */
export type Carried<S> =
  IsSayable<InputOf<S>> extends true
    ? IsSayable<Resolved<OutputOf<S>>> extends true
      ? unknown
      : { readonly 'this schema makes what JSON cannot say': OutputOf<S> }
    : { readonly 'this schema takes what JSON cannot say': InputOf<S> };
