import { styleText } from 'node:util';
import type { Finding, Verdict } from './finding.js';
import type { Report } from './report.js';

const words: Readonly<Record<Verdict, string>> = { ok: 'ok', note: 'note', warn: 'warn', fail: 'FAIL' };
const colours = { ok: 'green', note: 'cyan', warn: 'yellow', fail: 'red' } as const;
const indent = ' '.repeat(18);
/** Columns of a finding's text, after the indent. */
const width = 96;

/** One finding for people: what was seen, what it means, what to change. */
export function formatFinding({ area, verdict, saw, means, change = [] }: Finding, coloured: boolean): string {
  const word = words[verdict].padEnd(5);
  const head = `${coloured ? styleText(colours[verdict], word) : word}  ${area.padEnd(11)}${saw}`;
  const more = [
    ...(means === undefined ? [] : wrap(means)),
    ...change.flatMap((each) => wrap(`→ ${each}`).map((line, i) => (i === 0 ? line : `  ${line}`))),
  ];
  return [head, ...more.map((line) => `${indent}${line}`)].join('\n');
}

export function formatSummary({ summary, exitCode }: Report, coloured: boolean): string {
  if (!coloured) return `\n${summary}`;
  return `\n${styleText(exitCode === 0 ? 'green' : exitCode === 1 ? 'yellow' : 'red', summary)}`;
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
