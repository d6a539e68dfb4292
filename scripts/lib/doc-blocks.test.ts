import { expect, it } from 'vitest';
import { readBlocks } from './doc-blocks.mjs';

const fence = '```';

it('reads marked blocks with their files and lines, and the output', () => {
  const page = [`# Page`, `${fence}ts run file=a.ts`, `a();`, fence, `${fence}tsx check`, `b();`, fence];
  const output = [`${fence}text output`, `hi`, fence, `${fence}sh source=b/c.sh`, `npm i`, fence];
  expect(readBlocks('p.md', [...page, ...output].join('\n'))).toEqual({
    blocks: [
      { file: 'a.ts', use: 'run', code: 'a();', line: 2 },
      { file: 'block-5.tsx', use: 'check', code: 'b();', line: 5 },
    ],
    copies: [{ source: 'b/c.sh', code: 'npm i\n', line: 11 }],
    output: 'hi',
    problems: [],
  });
});

it('leaves no TypeScript out silently', () => {
  expect(readBlocks('p.md', `${fence}ts\nx\n${fence}`).problems).toEqual([
    'p.md:1: say what the block is for: run, check, sketch',
  ]);
  expect(readBlocks('p.md', `${fence}ts check\nx`).problems).toEqual(['p.md:1: the block has no end']);
  expect(readBlocks('p.md', `${fence}ts run file=../x.ts\nx\n${fence}`).problems).toHaveLength(1);
  const twice = `${fence}ts run file=a.ts\nx\n${fence}\n`;
  expect(readBlocks('p.md', twice + twice).problems).toEqual([`p.md:4: 'a.ts' is there already`]);
});
