import { type Area, type Scalar, type View, type Where, canonicalView, viewTag } from '@longwave/protocol';
import { type Range, defaultMargin, rangesOf, widened } from './ranges.js';

/** How a value lies to a view: not in it, in it only if it was before, in it. */
export type Fit = 'out' | 'margin' | 'in';

/** A view as it is asked, and as the server narrows it, ready to be applied. */
export interface CompiledView {
  readonly asked: View;
  readonly tag: string | undefined;
  /** Names the imposed part; undefined without one (VIEW-9). */
  readonly scope: string | undefined;
  /** Equal for views that are equal to all effect. */
  readonly id: string;
  /** Equal for views of the same entries, whatever is told of them and how often. */
  readonly entries: string;
  /** Milliseconds between two updates; 0: as they come. */
  readonly intervalMs: number;
  /** In their order as text, for views that are equal and list them otherwise. */
  readonly keys: ReadonlySet<string> | undefined;
  readonly count: boolean;
  /** Whether membership in the view depends on an entry's value, and changes with it. */
  readonly filters: boolean;
  /** Whether membership also depends on earlier membership, as at the border of an area. */
  readonly borders: boolean;
  /** In how many entries without conditions looking at one is counted. */
  readonly weight: number;
  /** Cost in the budget of the connection (VIEW-14). */
  readonly cost: number;
  /** A value outside of one of them is `out`. */
  readonly ranges: readonly Range[];
  fit(value: unknown): Fit;
}

/** `imposed`: what the identity may see (VIEW-7). */
export function compileView(asked: View, imposed: View = {}): CompiledView {
  const canonical = canonicalView(asked);
  const canonicalImposed = canonicalView(imposed);
  const { rate = asked.count ? 1 : Infinity } = asked;
  const wheres = [asked.where, imposed.where].filter((where) => where !== undefined).flatMap(compileWhere);
  const areas = [asked.area, imposed.area].filter((area) => area !== undefined);
  const lying = areas.map(compileArea);
  const { rate: _, count: __, ...entries } = asked;
  return {
    asked,
    tag: viewTag(canonical),
    scope: viewTag(canonicalImposed),
    id: `${canonical} ${canonicalImposed}`,
    entries: `${canonicalView(entries)} ${canonicalImposed}`,
    intervalMs: rate === Infinity ? 0 : 1000 / rate,
    keys: keysOf(asked.keys, imposed.keys),
    count: asked.count === true,
    filters: wheres.length > 0 || areas.length > 0,
    borders: areas.some(({ margin }) => margin !== 0),
    weight: 1 + ((wheres.length + areas.length) >> 2),
    cost: costOf(asked),
    ranges: [asked, imposed].flatMap(rangesOf),
    fit(value) {
      for (const fits of wheres) if (!fits(value)) return 'out';
      let fit: Fit = 'in';
      for (const lies of lying) {
        const where = lies(value);
        if (where === 'out') return 'out';
        if (where === 'margin') fit = 'margin';
      }
      return fit;
    },
  };
}

/** Four for itself, one for each condition, one for each eight keys or listed values. */
function costOf({ keys = [], where = {}, area }: View): number {
  let listed = keys.length;
  let conditions = area ? 1 : 0;
  for (const condition of Object.values(where)) {
    conditions++;
    if (typeof condition === 'object' && condition !== null && condition.in) listed += condition.in.length;
  }
  return 4 + conditions + Math.ceil(listed / 8);
}

function keysOf(asked: View['keys'], imposed: View['keys']): ReadonlySet<string> | undefined {
  const keys = asked ?? imposed;
  if (!keys) return undefined;
  const allowed = asked && imposed && new Set(imposed);
  // Readers with equal views share the steps of a round, whose places are places in these keys.
  return new Set((allowed ? keys.filter((key) => allowed.has(key)) : [...keys]).toSorted());
}

function compileWhere(where: Where): readonly ((value: unknown) => boolean)[] {
  return Object.entries(where).map(([field, condition]) => {
    const get = getter(field);
    if (typeof condition !== 'object' || condition === null) return (value) => get(value) === condition;
    const tests = Object.entries(condition).map(([operator, operand]) => compileTest(operator, operand));
    return (value) => {
      const member = get(value);
      return tests.every((test) => test(member));
    };
  });
}

function compileTest(operator: string, operand: unknown): (member: unknown) => boolean {
  switch (operator) {
    case 'eq':
      return (member) => member === operand;
    case 'ne':
      return (member) => member !== operand;
    case 'in': {
      const listed = new Set<unknown>(operand as readonly Scalar[]);
      return (member) => listed.has(member);
    }
    case 'has':
      return (member) => Array.isArray(member) && member.includes(operand);
    case 'gt':
      return ordered(operand, (order) => order > 0);
    case 'gte':
      return ordered(operand, (order) => order >= 0);
    case 'lt':
      return ordered(operand, (order) => order < 0);
    case 'lte':
      return ordered(operand, (order) => order <= 0);
    default:
      throw new TypeError(`No operator is called '${operator}'.`);
  }
}

/** Only like with like: nothing is converted. */
function ordered(operand: unknown, holds: (order: number) => boolean): (member: unknown) => boolean {
  if (typeof operand === 'number') {
    return (member) => typeof member === 'number' && holds(member - operand);
  }
  const text = String(operand);
  return (member) => typeof member === 'string' && holds(member < text ? -1 : member > text ? 1 : 0);
}

function compileArea({ at, box, circle, margin = defaultMargin }: Area): (value: unknown) => Fit {
  const getX = getter(at[0]);
  const getY = getter(at[1]);
  const within = (share: number) => (box ? withinBox(widened(box, share)) : withinCircle(circle!, share));
  const [isInside, isNear] = [within(0), within(margin)];
  return (value) => {
    const x = getX(value);
    const y = getY(value);
    if (typeof x !== 'number' || typeof y !== 'number') return 'out';
    if (isInside(x, y)) return 'in';
    return isNear(x, y) ? 'margin' : 'out';
  };
}

type Within = (x: number, y: number) => boolean;

function withinBox([minX, minY, maxX, maxY]: NonNullable<Area['box']>): Within {
  return (x, y) => x >= minX && x <= maxX && y >= minY && y <= maxY;
}

function withinCircle([centerX, centerY, radius]: NonNullable<Area['circle']>, margin: number): Within {
  const reach = radius * (1 + margin);
  return (x, y) => (x - centerX) ** 2 + (y - centerY) ** 2 <= reach ** 2;
}

/** Reads a field, or one inside others by its path. Members of prototypes are none. */
export function getter(path: string): (value: unknown) => unknown {
  const names = path.split('.');
  return (value) => {
    let member = value;
    for (const name of names) {
      if (typeof member !== 'object' || member === null || !Object.hasOwn(member, name)) return undefined;
      member = (member as Record<string, unknown>)[name];
    }
    return member;
  };
}
