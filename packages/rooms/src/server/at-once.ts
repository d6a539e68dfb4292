/**
 * Returns what a rule of a room gave. Throws `TypeError` for a promise: the state is changed at once, and a promise that rejects would be
 * heard by nobody.
 */
export function atOnce<T>(rule: string, given: T): T {
  const { then } = (given ?? {}) as Partial<PromiseLike<unknown>>;
  if (typeof then !== 'function') return given;
  // Its own end is told to nobody: the error below is.
  (given as PromiseLike<unknown>).then(undefined, () => undefined);
  throw new TypeError(`${rule} of a room gave a promise: rules change the state at once.`);
}
