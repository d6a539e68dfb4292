const ways: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Calls `onWay` with where the arrow keys that are down point to, undefined for nowhere. Returns a function that ends it. */
export function listenToKeys(onWay: (way: { dx: number; dy: number } | undefined) => void): () => void {
  const down = new Set<string>();
  const tell = (): void => {
    const [dx, dy] = [...down].reduce(([x, y], key) => [x + (ways[key]?.[0] ?? 0), y + (ways[key]?.[1] ?? 0)], [0, 0]);
    onWay(dx === 0 && dy === 0 ? undefined : { dx: dx!, dy: dy! });
  };
  const end = new AbortController();
  const onKey = (event: KeyboardEvent): void => {
    if (!ways[event.key]) return;
    event.preventDefault();
    if (event.type === 'keydown') down.add(event.key);
    else down.delete(event.key);
    tell();
  };
  addEventListener('keydown', onKey, { signal: end.signal });
  addEventListener('keyup', onKey, { signal: end.signal });
  addEventListener('blur', () => (down.clear(), tell()), { signal: end.signal });
  return () => end.abort();
}
