import type { PathOf } from './path.js';

/** A view of a channel whose values have the type `Value`: `where` and `area` name fields that they have. */
export type ViewOf<Value> = View<PathOf<Value>>;

/**
 * The part of a channel with state that a subscriber asks for (VIEW-1). All of it is optional, and all of it combines.
 * `Path`: the fields that
 * `where` and `area` may name, by default any; see {@link ViewOf}.
 */
export interface View<Path extends string = string> {
  /** Only these entries. At most 1,000. */
  readonly keys?: readonly string[];
  /** Most updates a second, from 0.001 to 1,000; changes in between are merged. Default: each change. */
  readonly rate?: number;
  /** Only entries whose values meet these conditions. */
  readonly where?: Where<Path>;
  /** Only entries that lie in this area. */
  readonly area?: Area<Path>;
  /**
   * Sends the number of entries in place of the entries, as one value of type {@link Count}: at most once a second, or
   * as `rate` says.
   */
  readonly count?: true;
}

/** A value that a condition of a view compares. */
export type Scalar = string | number | boolean | null;

/** Conditions on a field, all of which must hold. `has`: the field is a list, as of tags, and contains the value. */
export interface Condition {
  readonly eq?: Scalar;
  readonly ne?: Scalar;
  readonly gt?: number | string;
  readonly gte?: number | string;
  readonly lt?: number | string;
  readonly lte?: number | string;
  readonly in?: readonly Scalar[];
  readonly has?: Scalar;
}

/**
 * Conditions by field, at most 16. A path such as `position.lat` names a field of an object. A scalar stands for `{ eq:
 * scalar }`.
 */
export type Where<Path extends string = string> = [Path] extends [never]
  ? Readonly<Record<string, never>>
  : { readonly [Name in Path as IsPattern<Name> extends true ? Name : never]: Scalar | Condition } & {
      readonly [Name in Path as IsPattern<Name> extends true ? never : Name]?: Scalar | Condition;
    };

/** True of `string`, and of templates with a part that may be any text: as keys they are index signatures. */
type IsPattern<Name extends string> = {} extends Record<Name, true> ? true : false;

/**
 * A part of a plane. `at` names the two fields with the place of an entry, x (or longitude) and y (or latitude). An
 * entry comes in when it lies inside, and leaves when it lies outside by more than `margin`, a share of the area's size
 * (default 0.05), so that an entry that moves along the border does not come and go.
 */
export interface Area<Path extends string = string> {
  readonly at: readonly [x: Path, y: Path];
  /** A rectangle by its lowest and highest x and y, borders included. */
  readonly box?: readonly [minX: number, minY: number, maxX: number, maxY: number];
  /** A circle by its center and radius, in the unit of the fields. */
  readonly circle?: readonly [x: number, y: number, radius: number];
  readonly margin?: number;
}

/** The value of a subscription to `count`: the number of entries, and of the users that they belong to. */
export interface Count {
  readonly entries: number;
  readonly users: number;
}

/** Returns the same text for equal views: members in order, keys sorted and once each (VIEW-11). */
export function canonicalView(view: View): string {
  return canonicalText({ ...view, keys: view.keys && [...new Set(view.keys)].sort() });
}

/** Not by `JSON.stringify`, since an object puts members like `7` first. */
function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join()}]`;
  if (typeof value !== 'object' || !value) return JSON.stringify(value);
  const members = value as Record<string, unknown>;
  const names = Object.keys(value).filter((name) => members[name] !== undefined);
  return `{${names
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalText(members[name])}`)
    .join()}}`;
}

/**
 * Returns the tag that names a view in the frames of its subscription: 53 bits of a hash of its canonical text. Both
 * ends compute it, so that the frames of all subscribers with that view are the same bytes (VIEW-3). A view without
 * members has no tag.
 */
export function viewTag(canonical: string): string | undefined {
  if (canonical === '{}') return undefined;
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < canonical.length; i++) {
    const unit = canonical.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return ((b & 0x1fffff) * 2 ** 32 + (a >>> 0)).toString(36);
}
