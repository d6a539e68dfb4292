import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { dataFolder } from './data-folder.mjs';
import { root } from './root.mjs';

it('`npm start` keeps its store in a folder of the clone that git ignores, unless told otherwise', () => {
  const folder = dataFolder({});
  expect(path.dirname(folder)).toBe(path.resolve(root));
  expect(execFileSync('git', ['check-ignore', path.join(folder, 'rooms')], { cwd: root, encoding: 'utf8' })).toContain(
    '.data',
  );
  expect([dataFolder({ DATA: '/somewhere' }), dataFolder({ DATA: '' })]).toEqual(['/somewhere', '']);
  expect(readFileSync(path.join(root, 'scripts/start.mjs'), 'utf8')).toContain("process.env['DATA'] = dataFolder(");
});
