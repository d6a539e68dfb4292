/** Random numbers that go on from a number that can be kept (mulberry32, public domain). For games, not for secrets. */
export class SeededRandom {
  state: number;

  constructor(state: number) {
    this.state = state | 0;
  }

  readonly next = (): number => {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
