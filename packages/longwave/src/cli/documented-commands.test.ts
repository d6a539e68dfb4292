import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Command, CommanderError } from 'commander';
import { expect, it, onTestFinished, vi } from 'vitest';
import { defineProgram } from './program.js';

const root = path.resolve(import.meta.dirname, '../../../..');
const pages = [
  'README.md',
  ...['docs', 'packages', 'deploy'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md') && !/(?:^|[/\\])(?:node_modules|dist)[/\\]/.test(name))
      .map((name) => path.join(folder, name)),
  ),
];

/** Command lines of `longwave` on a page: of its shell blocks, and those with options in its text. */
function commandLinesOf(page: string): { readonly line: string; readonly isInText: boolean }[] {
  const text = readFileSync(path.join(root, page), 'utf8');
  const blocks = [...text.matchAll(/^```(?:sh|bash|console)\n(.*?)^```/gms)].flatMap(([, block]) => block!.split('\n'));
  const inline = [...text.matchAll(/`([^`\n]*\blongwave [^`\n]* -[^`\n]*)`/g)].map(([, line]) => line!);
  const isCommand = (line: string): boolean => /(?:^|\| |npx )longwave [a-z]/.test(line.trim());
  return [
    ...blocks.filter(isCommand).map((line) => ({ line, isInText: false })),
    ...inline.filter(isCommand).map((line) => ({ line, isInText: true })),
  ];
}

/** The words behind `longwave`, up to a comment, a pipe or the like. */
function wordsOf(line: string): string[] {
  const [, rest = ''] = /(?:^|\| |npx )longwave (.*)$/.exec(line.trim())!;
  const words = rest.match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
  const end = words.findIndex((word) => /^(?:#|\||>|&|;|\\)/.test(word));
  return words.slice(0, end < 0 ? undefined : end).map((word) => word.replaceAll(/^['"]|['"]$/g, ''));
}

function commandsOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(commandsOf)];
}

/** Names of the commands that were run, and what they lack. Throws what the command line is refused with. */
function tryLine(words: readonly string[]): { readonly ran: string; readonly lacks: string[] } {
  const program = defineProgram(() => undefined);
  let ran: Command | undefined;
  for (const command of commandsOf(program)) {
    command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    if (command.commands.length === 0) command.action(() => void (ran = command));
  }
  program.parse(words, { from: 'user' });
  const name = ran?.name() ?? '';
  const needsKey = ran?.parent?.name() === 'doc' || name === 'inspect' || name === 'redact';
  return { ran: name, lacks: needsKey && ran?.opts()['key'] === undefined ? ['--key'] : [] };
}

it('each command line of the documentation is one that longwave takes, with the key where one is needed', () => {
  vi.stubEnv('LONGWAVE_API_KEY', undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  const wrong: string[] = [];
  let count = 0;
  for (const page of pages) {
    for (const { line, isInText } of commandLinesOf(page)) {
      // A usage that names what is optional, or that leaves something out.
      const words = wordsOf(line).filter((word) => !/^\[.*\]$/.test(word) && word !== '…' && word !== '...');
      if (words.length === 0 || line.includes('LONGWAVE_API_KEY=')) continue;
      count++;
      try {
        const { lacks } = tryLine(words);
        if (lacks.length > 0) wrong.push(`${page}: ${line.trim()}: without ${lacks.join(', ')}`);
      } catch (error) {
        const { code, message } = error as CommanderError;
        // In a sentence an option may be named without the arguments.
        if (isInText && code === 'commander.missingArgument') continue;
        wrong.push(`${page}: ${line.trim()}: ${message}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThan(20);
});

it('a command line that is wrong is found', () => {
  vi.stubEnv('LONGWAVE_API_KEY', undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(tryLine(['inspect', 'https://example.com']).lacks).toEqual(['--key']);
  expect(tryLine(['doc', 'cat', 'doc/plan', '-k', 'KEY'])).toEqual({ ran: 'cat', lacks: [] });
  expect(() => tryLine(['serve', '--stores', 'x'])).toThrow(/unknown option/);
  expect(() => tryLine(['doc', 'restore', 'doc/plan', '-k', 'KEY'])).toThrow(/missing required argument/);
});
