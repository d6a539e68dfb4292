import { readFileSync } from 'node:fs';
import { root } from '../lib/root.mjs';

/** Ids of the rules of SPEC.md. */
export function ruleIds() {
  return new Set(
    [...readFileSync(`${root}SPEC.md`, 'utf8').matchAll(/^\s*- \*\*([A-Z]+-\d+)\*\*/gm)].map(([, id]) => id),
  );
}
