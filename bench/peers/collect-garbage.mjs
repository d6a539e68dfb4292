// Memory that is held and memory that is waste look alike from outside. On SIGUSR2 a peer collects garbage, so that the
// idle figures can give both. Node peers run with --expose-gc for it.

export function collectGarbageOnSignal() {
  /** @type {any} */
  const { Bun, gc } = globalThis;
  process.on('SIGUSR2', () => (Bun ? Bun.gc(true) : gc?.()));
}
