import { expect, it } from 'vitest';
import { codeLines, fullness, layOut } from './rooms.mjs';

const files = [
  { file: 'index.ts', imports: ['store/memory', 'delivery/hub'] },
  { file: 'delivery/hub.ts', imports: ['store/memory', 'delivery/feed'] },
  { file: 'delivery/feed.ts', imports: ['store/memory'] },
  { file: 'store/memory.ts', imports: ['delivery/feed'] },
];

it('counts an arrow once, however many files it stands for, and none within a room', () => {
  const { rooms, arrows } = layOut(files);
  expect(rooms).toEqual(['index', 'delivery', 'store']);
  expect(arrows).toEqual(['index > store', 'index > delivery', 'delivery > store', 'store > delivery']);
});

it('names arrows that lead back', () => {
  expect(layOut(files).back).toEqual(['delivery > store', 'store > delivery']);
  expect(layOut(files.slice(0, 3)).back).toEqual([]);
});

it('counts the files of a folder at one level', () => {
  expect([...fullness(files)]).toEqual([
    ['.', 1],
    ['delivery', 2],
    ['store', 1],
  ]);
});

it('counts lines of code alone', () => {
  expect(codeLines('// no\n\n/** nor\n * this */\nconst a = 1; // yes\n  b();\n')).toBe(2);
});
