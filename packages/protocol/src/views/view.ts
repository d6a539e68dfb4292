/** What of a channel with state a subscriber asks for (VIEW-1). All of it is optional, and all of it combines. */
export interface View {
  /** Only these entries. At most 1,000. */
  readonly keys?: readonly string[];
  /** At most so many updates a second, merged. From 0.001 to 1,000. */
  readonly rate?: number;
  /** Only entries whose values fit. */
  readonly where?: Where;
  /** Only entries that lie there. */
  readonly area?: Area;
  /** No entries, only how many there are: one value of type {@link Count}, at most once a second unless `rate` says otherwise. */
  readonly count?: true;
}

export type Scalar = string | number | boolean | null;

/** Every condition has to hold. `has`: the field is a list that has the value, as of tags. */
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

/** Conditions by field; a path such as `position.lat` looks inside. A scalar stands for `{ eq: scalar }`. At most 16. */
export type Where = Readonly<Record<string, Scalar | Condition>>;

/**
 * A part of a plane. `at` names the two fields that say where an entry lies, x (or longitude) and y (or latitude). An entry
 * comes in when it lies within, and leaves when it lies outside by more than `margin`, a share of the size (default
 * 0.05): what moves along the border does not come and go.
 */
export interface Area {
  readonly at: readonly [x: string, y: string];
  /** The lowest and highest x and y, borders included. */
  readonly box?: readonly [minX: number, minY: number, maxX: number, maxY: number];
  /** Center and radius, in the unit of the fields. */
  readonly circle?: readonly [x: number, y: number, radius: number];
  readonly margin?: number;
}

/** The value of a subscription to `count`: entries, and users that they belong to. */
export interface Count {
  readonly entries: number;
  readonly users: number;
}

/** The same text for equal views: members in order, keys sorted and once each (VIEW-11). */
export function canonicalView(view: View): string {
  return canonicalText({ ...view, keys: view.keys && [...new Set(view.keys)].sort() });
}

/** Written by hand: an object has members like `7` first, in whatever order they were given. */
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
 * Names a view in the frames of its subscription: 53 bits of a hash of its canonical text. Both ends make it the same way,
 * so that the frames of all who have that view are the same bytes (VIEW-3). A view without members has none.
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
