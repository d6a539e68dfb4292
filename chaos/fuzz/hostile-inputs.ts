import { utf8Encode } from '@longwave/protocol';
import type { Random } from '@longwave/testkit/virtual';
import { leb128 } from './leb128.js';

/** Modes of an input: it counts once, is held, or is held no longer. */
const released = 2;
const odd = [0, 1, 127, 128, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1];

/** Messages of players: the inputs of the rooms in the contract, in order and out of it, and with fields beyond their bounds. */
export class HostileInputs {
  readonly #random: Random;
  /** By channel: the number that the inputs of its room begin with. */
  readonly #rooms = new Map<string, number>();
  #seq = 1;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A room is of this epoch now: what is meant for another one does not count in it. */
  learn(channel: string, epoch: string): void {
    let tag = 0;
    for (let i = 0; i < epoch.length; i++) tag = Math.imul(tag, 31) + epoch.charCodeAt(i);
    this.#rooms.set(channel, tag & (2 ** 14 - 1));
  }

  message(): Uint8Array {
    const random = this.#random;
    if (random.chance(0.05)) return Uint8Array.from({ length: random.below(30) }, () => random.below(256));
    const count = random.pick([0, 1, 1, 1, 2, 5, random.chance(0.1) ? 64 : 1, random.chance(0.1) ? 65 : 1]);
    const said = random.chance(0.05) ? random.below(100) : count;
    const rooms = [...this.#rooms.values()];
    const room = rooms.length > 0 && random.chance(0.95) ? random.pick(rooms) : this.#number(2 ** 14);
    const numbers = [room, this.#number(5000), this.#number(256), this.#number(2 ** 31), said];
    if (count > 0) numbers.push(this.#first());
    this.#seq += random.below(count + 2);
    return Uint8Array.from([
      ...numbers.flatMap((number) => [...leb128(number)]),
      ...Array.from({ length: count }, () => this.#input()).flat(),
    ]);
  }

  /** Number of the first input of a message. A new player begins with 1, one who comes again some 1,024 later; others wait for a gap. */
  #first(): number {
    const random = this.#random;
    if (random.chance(0.8)) return 1024 * random.below(3) + 1 + random.below(3);
    return random.chance(0.2) ? this.#number(100) : this.#seq;
  }

  #input(): number[] {
    const random = this.#random;
    const [kind, mode] = [random.chance(0.02) ? 3 : random.below(3), random.below(3)];
    const bytes = [...leb128(this.#number(50)), ...leb128(3 * kind + mode)];
    if (mode === released) return bytes;
    if (kind === 0) bytes.push(...leb128(this.#number(201)), ...leb128(this.#number(201)));
    else if (kind === 1) bytes.push(random.below(2), ...this.#text());
    else bytes.push(...leb128(this.#number(201)));
    return bytes;
  }

  #text(): number[] {
    const text = this.#random.pick(['', 'hi', 'é😀', '0123456789', '01234567890', '\u0000']);
    const bytes = this.#random.chance(0.05) ? Uint8Array.of(0xed, 0xa0, 0x80) : utf8Encode(text);
    return [...leb128(bytes.length), ...bytes];
  }

  /** Below `end`, or now and then one that is odd. */
  #number(end: number): number {
    return this.#random.chance(0.03) ? this.#random.pick(odd) : this.#random.below(end);
  }
}
