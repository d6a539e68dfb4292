import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { snippetParts } from '../shared/snippet.js';
import { exampleGroups } from '../web/shell/navigation.js';
import { highlightLines } from './highlight.js';
import { readRegions } from './regions.js';
import { plainText, readSnippets } from './snippets.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('the code that pages show', () => {
  const snippets = readSnippets(root);
  const areas = exampleGroups.flatMap(({ examples }) => examples).flatMap(({ area, also = [] }) => [area, ...also]);

  it('is there for each page, and for no other', () => {
    expect([...snippets.keys()].toSorted()).toEqual(['home', ...areas].toSorted());
  });

  it.each([...snippets])('of %s is short enough to read', (_, snippet) => {
    for (const part of snippetParts) {
      const lines = snippet[part].flatMap((piece) => piece.lines);
      expect(lines.length, part).toBeGreaterThanOrEqual(5);
      expect(lines.length, part).toBeLessThanOrEqual(25);
      for (const line of lines) expect(plainText(line).length).toBeLessThanOrEqual(120);
    }
  });

  it('does not begin with space in every line', () => {
    for (const snippet of snippets.values()) {
      for (const part of snippetParts) {
        for (const { lines } of snippet[part]) expect(lines.some((line) => /^\S/.test(plainText(line)))).toBe(true);
      }
    }
  });
});

describe('regions', () => {
  it('are lines between two markers', () => {
    const lines = ['a', '  // #region teach:chat-server', 'b', 'c', '  // #endregion', 'd'];
    expect(readRegions(lines, 'x.ts')).toEqual([{ page: 'chat', part: 'server', start: 2, end: 4 }]);
  });

  it.each([
    [['// #region teach:chat-server'], 'has no end'],
    [['// #endregion'], 'was not begun'],
    [['// #region teach:chat-server', '// #region teach:chat-client'], 'within another'],
    [['// #region teach:chat-page', '// #endregion'], 'a part is contract, server, client'],
    [['// #region teach:server', '// #endregion'], "'server' is not <page>-<part>"],
  ])('that are wrong stop the build: %j', (lines, words) => {
    expect(() => readRegions(lines, 'x.ts')).toThrow(words);
  });
});

describe('highlighting', () => {
  it('changes nothing of any source', () => {
    for (const name of readdirSync(fileURLToPath(new URL('.', import.meta.url)))) {
      const text = `const ${name.length} = <T>(x: T): T => \`\${x}\`;\n\n// ${name}\n`;
      expect(highlightLines(text, 'ts').map(plainText).join('\n')).toBe(text);
    }
  });

  it('knows words, texts, numbers, comments, types and calls', () => {
    const tokens = highlightLines("const a: Name = call('b', 1); // c", 'ts')[0]!;
    expect(tokens.filter(([, kind]) => kind)).toEqual([
      ['const', 'keyword'],
      ['Name', 'type'],
      ['call', 'call'],
      ["'b'", 'string'],
      ['1', 'number'],
      ['// c', 'comment'],
    ]);
  });
});
