/** Runs `work` for each of `items`, so many at a time; the results are in their order. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const rest = items.map((item, i) => [item, i] as const);
  const worker = async (): Promise<void> => {
    for (let next = rest.shift(); next; next = rest.shift()) results[next[1]] = await work(next[0]);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
