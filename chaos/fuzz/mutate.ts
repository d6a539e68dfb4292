import type { Random } from '@longwave/testkit/virtual';

const inserts = [
  '1e400',
  '-0',
  '\\ud800',
  '{}',
  '[]',
  'null',
  ',"a":1',
  '"',
  '\n',
  '{"type":"ping"}\n',
  '\u0000',
  '\\',
];

/** The text with some of it changed, left out, put in or cut off. */
export function mutateText(text: string, random: Random): string {
  let changed = text;
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const at = random.below(changed.length + 1);
    switch (random.below(4)) {
      case 0:
        changed = changed.slice(0, at) + String.fromCharCode(random.below(0x300)) + changed.slice(at + 1);
        break;
      case 1:
        changed = changed.slice(0, at) + changed.slice(at + random.below(20));
        break;
      case 2:
        changed = changed.slice(0, at) + random.pick(inserts) + changed.slice(at);
        break;
      default:
        changed = changed.slice(0, at);
    }
  }
  return changed;
}

/** The same of bytes. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = Uint8Array.from(bytes);
  for (let changes = 1 + random.below(3); changes > 0 && changed.length > 0; changes--) {
    changed[random.below(changed.length)] = random.pick([0, 1, 127, 128, 255, random.below(256)]);
  }
  return random.chance(0.3) ? changed.slice(0, random.below(changed.length + 1)) : changed;
}
