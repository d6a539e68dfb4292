import { readFileSync } from 'node:fs';
import type { RunResult } from '../run.js';

/** One file with everything in it. Texts of the run are data: they become text, never markup. */
export function toHtml(result: RunResult): string {
  // The compiled code lies in dist/, the parts of the page do not.
  const folder = new URL(import.meta.url.includes('/dist/') ? '../../report/page/' : 'page/', import.meta.url);
  const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
  const data = JSON.stringify(result).replaceAll('<', String.raw`\u003c`);
  const parts: Readonly<Record<string, string>> = { STYLE: read('page.css'), DATA: data, SCRIPT: read('page.js') };
  return read('page.html').replaceAll(/\/\*(STYLE|DATA|SCRIPT)\*\//g, (_, part: string) => parts[part]!);
}
