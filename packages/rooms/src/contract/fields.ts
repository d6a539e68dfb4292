/**
 * A field of an entity or of an input. Its values are numbered from 0 to `last`, and these numbers are what is sent, compared and
 * kept: both ends have the same value to the last bit.
 */
export interface NumberedField<T = unknown> {
  readonly type: 'numbered';
  /** The greatest number. */
  readonly last: number;
  /** The number of the nearest value there is; 0 of what is none, such as `NaN`. */
  toNumber(value: unknown): number;
  fromNumber(number: number): T;
  /** A `real` or `whole` field: its values lie at `min + number * step`. */
  readonly scale?: { readonly min: number; readonly step: number };
}

/** A short text. It is sent whole when it changes. */
export interface TextField {
  readonly type: 'text';
  /** In UTF-16 units. */
  readonly maxLength: number;
}

/** A field of an entity or of an input, made by `real`, `whole`, `flag`, `choice`, `reference` or `text`. */
export type Field<T = unknown> = NumberedField<T> | TextField;

/** Fields by name. */
export type Fields = Readonly<Record<string, Field>>;

/** The values of fields. */
export type ValuesOf<F extends Fields> = {
  -readonly [Name in keyof F]: F[Name] extends TextField ? string : F[Name] extends NumberedField<infer T> ? T : never;
};

/** Numbers travel as integers of 31 bits, and their differences in 32. */
const mostNumbers = 2 ** 31 - 1;

/**
 * A number from `min` to `max`, kept to `step`: a position in centimetres, an angle in thousandths. A value outside counts as the
 * nearest bound. Throws `RangeError` for bounds that are no range, or that have more than 2^31 steps.
 * @example
 * ```ts
 * const position = { x: real(0, 2000, 0.1), y: real(0, 2000, 0.1) };
 * ```
 */
export function real(min: number, max: number, step: number): NumberedField<number> {
  const last = Math.round((max - min) / step);
  if (!(Number.isFinite(min) && Number.isFinite(max) && step > 0 && max > min && last <= mostNumbers)) {
    throw new RangeError(`real(${min}, ${max}, ${step}): there must be from 1 to 2^31 steps.`);
  }
  return {
    type: 'numbered',
    last,
    scale: { min, step },
    toNumber: (value) => clamp(Math.round((Number(value) - min) / step), last),
    fromNumber: (number) => min + number * step,
  };
}

/**
 * A whole number from `min` to `max`. Throws `RangeError` as {@link real}.
 * @example
 * ```ts
 * const player = { hp: whole(0, 100) };
 * ```
 */
export function whole(min: number, max: number): NumberedField<number> {
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max)) {
    throw new RangeError(`whole(${min}, ${max}): the bounds must be whole.`);
  }
  return real(min, max, 1);
}

/**
 * True or false.
 * @example
 * ```ts
 * const player = { alive: flag() };
 * ```
 */
export function flag(): NumberedField<boolean> {
  return {
    type: 'numbered',
    last: 1,
    toNumber: (value) => (value === true ? 1 : 0),
    fromNumber: (number) => number === 1,
  };
}

/**
 * One of some names. Names may be added at the end later; none may be removed or change its place. Throws `RangeError` without names
 * or with one twice.
 * @example
 * ```ts
 * const player = { team: choice('red', 'blue') };
 * ```
 */
export function choice<const Name extends string>(...names: readonly Name[]): NumberedField<Name> {
  if (names.length === 0 || new Set(names).size !== names.length) {
    throw new RangeError('choice: it needs names, each once.');
  }
  return {
    type: 'numbered',
    last: names.length - 1,
    toNumber: (value) => Math.max(0, names.indexOf(value as Name)),
    fromNumber: (number) => names[number] ?? names[0]!,
  };
}

/**
 * The id of an entity, or 0 for none.
 * @example
 * ```ts
 * const rocket = { target: reference() };
 * ```
 */
export function reference(): NumberedField<number> {
  return whole(0, mostNumbers);
}

/**
 * A text of at most `maxLength` UTF-16 units, 256 at most; what is longer is cut. Throws `RangeError`.
 * @example
 * ```ts
 * const player = { name: text(20) };
 * ```
 */
export function text(maxLength: number): TextField {
  if (!(Number.isSafeInteger(maxLength) && maxLength >= 1 && maxLength <= 256)) {
    throw new RangeError(`text(${maxLength}): the length must be from 1 to 256.`);
  }
  return { type: 'text', maxLength };
}

function clamp(number: number, last: number): number {
  // NaN fails both comparisons.
  return number > 0 ? (number < last ? number : last) : 0;
}
