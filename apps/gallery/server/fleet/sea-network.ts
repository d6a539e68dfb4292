import { type LngLat, distanceKm } from './geo.js';

/** Shipping lanes: nodes as longitude and latitude in turn, edges as pairs of nodes. */
export interface SeaLanes {
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
}

export interface SeaNetwork {
  /** The shortest ways from one point to others: through the node nearest to each, and straight to it from there. */
  waysFrom(start: LngLat): (end: LngLat) => LngLat[];
}

export function createSeaNetwork({ nodes, edges }: SeaLanes): SeaNetwork {
  const points: LngLat[] = [];
  for (let i = 0; i < nodes.length; i += 2) points.push({ lng: nodes[i]!, lat: nodes[i + 1]! });
  const lanes: { readonly node: number; readonly km: number }[][] = points.map(() => []);
  for (let i = 0; i < edges.length; i += 2) {
    const [a, b] = [edges[i]!, edges[i + 1]!];
    const km = distanceKm(points[a]!, points[b]!);
    lanes[a]!.push({ node: b, km });
    lanes[b]!.push({ node: a, km });
  }

  /** By point: the same places are asked for again and again. */
  const known = new Map<LngLat, number>();
  const nearest = (point: LngLat): number => {
    const before = known.get(point);
    if (before !== undefined) return before;
    let best = 0;
    let bestKm = Infinity;
    points.forEach((candidate, node) => {
      const km = distanceKm(point, candidate);
      if (km < bestKm) [best, bestKm] = [node, km];
    });
    known.set(point, best);
    return best;
  };

  /** Dijkstra's: for each node the one before it on the shortest way from `start`. */
  const previousFrom = (start: number): Int32Array => {
    const distances = new Float64Array(points.length).fill(Infinity);
    const previous = new Int32Array(points.length).fill(-1);
    const queue = createQueue();
    distances[start] = 0;
    queue.push(start, 0);
    for (let next = queue.pop(); next; next = queue.pop()) {
      if (next.km > distances[next.node]!) continue;
      for (const { node, km } of lanes[next.node]!) {
        const total = next.km + km;
        if (total >= distances[node]!) continue;
        distances[node] = total;
        previous[node] = next.node;
        queue.push(node, total);
      }
    }
    return previous;
  };

  return {
    waysFrom: (start) => {
      const previous = previousFrom(nearest(start));
      return (end) => {
        const way = [end];
        for (let node = nearest(end); node !== -1; node = previous[node]!) way.push(points[node]!);
        return [...way, start].reverse();
      };
    },
  };
}

interface Reached {
  readonly node: number;
  readonly km: number;
}

/** A binary heap: the nearest first. */
function createQueue(): { push(node: number, km: number): void; pop(): Reached | undefined } {
  const heap: Reached[] = [];
  return {
    push: (node, km) => {
      let at = heap.push({ node, km }) - 1;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (heap[parent]!.km <= km) break;
        heap[at] = heap[parent]!;
        at = parent;
      }
      heap[at] = { node, km };
    },
    pop: () => {
      const first = heap[0];
      const last = heap.pop();
      if (!first || !last || heap.length === 0) return first;
      let at = 0;
      for (;;) {
        const left = 2 * at + 1;
        if (left >= heap.length) break;
        const child = left + 1 < heap.length && heap[left + 1]!.km < heap[left]!.km ? left + 1 : left;
        if (heap[child]!.km >= last.km) break;
        heap[at] = heap[child]!;
        at = child;
      }
      heap[at] = last;
      return first;
    },
  };
}
