import { expect, it } from 'vitest';
import { isWireCloseCode } from './close-codes.js';

it('allows exactly the codes of RFC 6455 §7.4 and the registry', () => {
  const allowed: number[] = [];
  for (let code = 0; code < 70_000; code++) if (isWireCloseCode(code)) allowed.push(code);
  const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);
  expect(allowed).toEqual([1000, 1001, 1002, 1003, ...range(1007, 1014), ...range(3000, 4999)]);
  expect(isWireCloseCode(1000.5)).toBe(false);
  expect(isWireCloseCode(3000.5)).toBe(false);
  expect(isWireCloseCode(Number.NaN)).toBe(false);
});
