import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { publishKinds } from './frames.js';
import { durabilities, resetReasons } from '../codes.js';
import { operationKinds } from './operation.js';
import { type Field, clientShapes, serverShapes } from './shapes.js';

const spec = readFileSync(new URL('../../../../SPEC.md', import.meta.url), 'utf8');

function fieldText({ name, kind, optional }: Field): string {
  return `${name}${optional ? '?' : ''} ${kind}`;
}

it('WIRE-4: the type bytes and the order of the fields in SPEC.md are those that are written', () => {
  const shapes = new Map([...clientShapes.values(), ...serverShapes.values()].map((shape) => [shape.code, shape]));
  const rows = [...shapes.values()]
    .toSorted((a, b) => a.code - b.code)
    .map(({ code, type, fields }) => `| ${code} | \`${type}\` | ${fields.map(fieldText).join(', ')} |`);
  const table = [...spec.matchAll(/^\| \d+ \| `[a-z]+` \| .*\|$/gm)].map(([row]) => row.replaceAll(/ +/g, ' '));
  expect(table).toEqual(rows.map((row) => row.replaceAll(/ +/g, ' ')));
});

it('WIRE-14: names of fixed lists have the indices that SPEC.md says', () => {
  const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
  for (const names of [publishKinds, operationKinds, durabilities, resetReasons]) expect(spec).toContain(list(names));
});
