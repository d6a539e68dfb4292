import type { InputOf, OutputOf } from './schema.js';

type Scalar = string | number | boolean | null | undefined;
/** JSON itself: it passes as a whole, because it may be recursive. */
type Json = Scalar | readonly Json[] | { readonly [name: string]: Json };
type Bytes = ArrayBuffer | ArrayBufferView;
/** Values that are more than their properties: JSON would lose them. */
type Opaque =
  | bigint
  | symbol
  | ((...args: never[]) => unknown)
  | WithToJson<unknown>
  | { readonly [Symbol.toStringTag]: string };
type WithToJson<Said> = { toJSON(...args: never[]): Said };
/** True for `any` and `unknown`, which are not examined. */
type IsUnknown<T> = unknown extends T ? true : false;

/** `T` with the result of `toJSON` in place of each object that has one. */
type Resolved<T> = T extends Json
  ? T
  : T extends WithToJson<infer Said>
    ? Resolved<Said>
    : T extends Opaque
      ? T
      : T extends object
        ? { [Name in keyof T]: Resolved<T[Name]> }
        : T;

/** `T` with `never` in place of each type that JSON cannot express. */
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
 * The type in which a `T` arrives: as JSON expresses it, so a text in place of a `Date`. Bytes arrive as `Uint8Array`.
 */
export type Received<T> = IsUnknown<T> extends true ? T : ReceivedPart<T>;
type ReceivedPart<T> = T extends Bytes ? Uint8Array : [T] extends [Resolved<T>] ? T : Resolved<T>;

/**
 * The fault of a schema in a contract, as a type that does not fit it and names the fault; `unknown` when there is
 * none. A publisher's data go as JSON, so what a schema takes must be what JSON says; what it makes of them may have a
 * `toJSON`.
 */
export type Carried<S> =
  IsSayable<InputOf<S>> extends true
    ? IsSayable<Resolved<OutputOf<S>>> extends true
      ? unknown
      : { readonly 'this schema makes what JSON cannot say': OutputOf<S> }
    : { readonly 'this schema takes what JSON cannot say': InputOf<S> };
