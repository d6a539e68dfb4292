import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderProblem, nameProblem } from './check-folder.js';
import { createApplication, ownVersion } from './create-application.js';
import { templateNames } from './templates.js';

function folderOf(name: string): string {
  const home = mkdtempSync(path.join(tmpdir(), 'create-longwave-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  return path.join(home, name);
}

describe('createApplication', () => {
  it.each(templateNames)('%s has a name, scripts, a test and a README, and no gaps', (template) => {
    const folder = folderOf('my-app');
    createApplication(folder, template);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const texts = files.map((file) => readFileSync(path.join(file.parentPath, file.name), 'utf8'));
    expect(texts.filter((text) => /\{\{\s*\w+\s*\}\}/.test(text))).toEqual([]);

    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Record<string, object>;
    expect(manifest).toMatchObject({ name: 'my-app', dependencies: { longwave: `^${ownVersion()}` } });
    expect(Object.keys(manifest['scripts'] ?? {})).toEqual(['dev', 'build', 'start', 'test']);
    const names = files.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['README.md', '.gitignore']));
    expect(names.filter((name) => name.endsWith('.test.ts'))).toHaveLength(1);
  });

  it('every application has a secret of its own', () => {
    const [one, two] = ['one', 'two'].map((name) => {
      const folder = folderOf(name);
      createApplication(folder, 'chat');
      return /^SECRET=(\w+)$/m.exec(readFileSync(path.join(folder, '.env'), 'utf8'))?.[1];
    });
    expect(one).toHaveLength(64);
    expect(one).not.toBe(two);
  });
});

describe('the folder', () => {
  it.each(['app', 'my-app', './a/b.c', '1'])('%s is a name', (name) => {
    expect(nameProblem(name)).toBeUndefined();
  });

  it.each(['My App', 'a b', '-a', '_a', 'é', 'node_modules', 'a'.repeat(215)])('%s is none', (name) => {
    expect(nameProblem(name)).toContain('cannot be the name of a package');
  });

  it('is refused where something would be written over', () => {
    const folder = folderOf('app');
    expect(folderProblem(folder)).toBeUndefined();
    createApplication(folder, 'bare');
    expect(folderProblem(folder)).toContain('is not empty');
    const file = folderOf('file');
    writeFileSync(file, '');
    expect(folderProblem(file)).toContain('is a file');
    expect(folderProblem(path.dirname(file))).toContain('it has file.');
  });
});
