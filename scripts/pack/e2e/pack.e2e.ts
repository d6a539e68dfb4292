import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { describe, expect, inject, it } from 'vitest';
import { judgeTarball } from '../judge-tarball.mjs';
import { emptyFolder, runIn } from './empty-folder.js';
import { managers } from './managers.js';

const packed = inject('packed');
const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

/** Path of the tarball of a package. */
function tarball(name: string): string {
  const file = readdirSync(packed).find((each) => new RegExp(`^${name}-\\d[\\w.-]*\\.tgz$`).test(each));
  if (file === undefined) throw new Error(`No tarball of ${name} in ${readdirSync(packed).join(', ')}`);
  return path.join(packed, file);
}

function makeApplication(): string {
  const folder = emptyFolder();
  cpSync(new URL('fixtures', import.meta.url), folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "name": "app", "private": true, "type": "module" }\n');
  return folder;
}

const isInstalled = (folder: string, name: string): boolean => existsSync(path.join(folder, 'node_modules', name));

describe.each(managers)('tarballs installed by $name', ({ add }) => {
  it('one is enough for an application, which gets nothing that it did not ask for', async () => {
    const folder = makeApplication();
    await runIn(folder, add(folder, [tarball('longwave'), 'zod@4']));
    expect(await runIn(folder, [process.execPath, 'chat.mjs'])).toBe('1 welcome\n2 hi\n');

    expect(Object.keys(readJson(path.join(folder, 'package.json')).dependencies)).toEqual(['longwave', 'zod']);
    const unwanted = ['react', 'yjs', 'y-protocols', 'ioredis', 'lmdb', '@nats-io', 'vitest', '@longwave'];
    expect(unwanted.filter((name) => isInstalled(folder, name))).toEqual([]);
    expect(await runIn(folder, ['node_modules/.bin/longwave', 'serve', '--store', 'lmdb:./data'], 1)).toContain(
      'npm install @longwave/lmdb',
    );
  });

  it('every entry loads, and compiles with strict types', async () => {
    const folder = makeApplication();
    const others = [
      'zod@4',
      'react@19',
      'yjs@13',
      'y-protocols@1',
      'typescript@5.9',
      '@types/node@20',
      '@types/react@19',
    ];
    await runIn(folder, add(folder, [tarball('longwave'), tarball('longwave-redis'), ...others]));
    const entries = Object.keys(readJson(path.join(folder, 'node_modules/longwave/package.json')).exports);
    const own = entries.filter((entry) => !entry.startsWith('./packages/')).map((entry) => `longwave${entry.slice(1)}`);
    expect(own.length).toBeGreaterThan(12);
    const imports = [...own, '@longwave/redis'].map((entry) => `import '${entry}';\n`);
    writeFileSync(path.join(folder, 'entries.mjs'), imports.join(''));
    await runIn(folder, [process.execPath, 'entries.mjs']);

    const lines = [...own, '@longwave/redis'].map((entry, i) => `import * as e${i} from '${entry}';\nvoid e${i};\n`);
    writeFileSync(path.join(folder, 'entries.ts'), lines.join(''));
    for (const [resolution, module] of [
      ['bundler', 'esnext'],
      ['nodenext', 'nodenext'],
    ] as const) {
      const kind = ['--moduleResolution', resolution, '--module', module];
      await runIn(folder, [process.execPath, 'node_modules/typescript/bin/tsc', '-p', '.', ...kind]);
    }
  });

  it('a store that is installed beside it uses the same engine', async () => {
    const folder = makeApplication();
    await runIn(folder, add(folder, [tarball('longwave'), tarball('longwave-lmdb'), 'zod@4']));
    expect(await runIn(folder, [process.execPath, 'same-engine.mjs'])).toBe('disk\nLongwaveError too-large\n');
  });
});

it('publint and are-the-types-wrong accept the tarballs', async () => {
  const problems: string[] = [];
  const isShort = managers.length === 1;
  const files = isShort ? [path.basename(tarball('longwave'))] : readdirSync(packed);
  for (const file of files) {
    const manifest = await runIn(packed, ['tar', '-xzOf', file, 'package/package.json']);
    const found = await judgeTarball(readFileSync(path.join(packed, file)), JSON.parse(manifest));
    problems.push(...found.map((problem) => `${file}: ${problem}`));
  }
  expect(problems).toEqual([]);
});
