// A view names fields that the values have, or does not compile.
import type { PathOf } from './path.js';
import type { View, ViewOf } from './view.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function check<_ extends true>(): void {}

interface Truck {
  readonly kind: 'truck';
  readonly status: string;
  readonly tags: readonly string[];
  readonly place: { readonly lat: number; readonly lng: number };
  readonly note?: { readonly by: string };
}
interface Ship {
  readonly kind: 'ship';
  readonly flag: string;
}
interface Tree {
  readonly name: string;
  readonly left?: Tree;
}

check<Equal<PathOf<{ a: number; b?: { c: string } }>, 'a' | 'b' | 'b.c'>>();
check<
  Equal<
    PathOf<Truck | Ship>,
    'kind' | 'status' | 'tags' | 'place' | 'place.lat' | 'place.lng' | 'note' | 'note.by' | 'flag'
  >
>();
check<Equal<PathOf<unknown>, string>>();
check<Equal<PathOf<Record<string, number>>, string>>();
check<Equal<PathOf<number | string[]>, never>>();
check<Equal<PathOf<{ extra: unknown }>, 'extra' | `extra.${string}`>>();
// A view that is made elsewhere, of a part or of any, may be read as one of any.
check<ViewOf<Truck> extends View ? true : false>();
check<ViewOf<{ data: { a: 1 } }> extends ViewOf<{ data: unknown }> ? true : false>();

({ where: { status: 'open', 'place.lat': { gt: 50 }, 'note.by': { ne: null }, flag: 'MT' } }) satisfies ViewOf<
  Truck | Ship
>;
({ where: { 'left.left.left.name': 'leaf' } }) satisfies ViewOf<Tree>;
({ where: { anything: 1 }, area: { at: ['x', 'y'], box: [0, 0, 1, 1] } }) satisfies View;
// @ts-expect-error no value has such a field
({ where: { statuss: 'open' } }) satisfies ViewOf<Truck | Ship>;
// @ts-expect-error nor below
({ where: { 'place.lon': 1 } }) satisfies ViewOf<Truck>;
// @ts-expect-error nor in a tree
({ where: { 'left.nam': 'leaf' } }) satisfies ViewOf<Tree>;
// @ts-expect-error a number has no fields
({ where: { value: 1 } }) satisfies ViewOf<number>;

({ area: { at: ['place.lng', 'place.lat'], box: [0, 0, 1, 1] } }) satisfies ViewOf<Truck>;
// @ts-expect-error a field is misspelled
({ area: { at: ['place.lgn', 'place.lat'], box: [0, 0, 1, 1] } }) satisfies ViewOf<Truck>;
