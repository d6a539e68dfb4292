import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { open } from 'lmdb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../open-store.js';
import { machineClock } from '../records/store-clock.js';
import { StoreError } from './store-error.js';
import { eventually } from '../testing/eventually.js';
import { temporaryFolder } from '../testing/temporary-folder.js';

const retain = { count: 1e6, bytes: 1e9, ageMs: Infinity };

function begin(folder: string) {
  const store = openStore({ path: folder }, machineClock);
  onTestFinished(() => store.close());
  return store;
}
const readFails = (store: ReturnType<typeof begin>): boolean => {
  try {
    store.bounds('a');
    return false;
  } catch {
    return true;
  }
};

describe('G4: what is written where nobody finds it again is not acknowledged', () => {
  const acts: Record<string, (folder: string) => void> = {
    'the folder is removed': (folder) => rmSync(folder, { recursive: true }),
    'the folder is removed, and made again': (folder) => {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
    },
    'the file is removed': (folder) => rmSync(path.join(folder, 'data.mdb')),
    'the lock file is removed, by which others know that it is open': (folder) => rmSync(path.join(folder, 'lock.mdb')),
    'a backup is restored in its place': (folder) => {
      cpSync(path.join(folder, 'data.mdb'), path.join(folder, 'backup'));
      renameSync(path.join(folder, 'backup'), path.join(folder, 'data.mdb'));
    },
  };
  it.each(Object.keys(acts))('while it is open %s', async (act) => {
    const folder = path.join(temporaryFolder(), 'store');
    const store = begin(folder);
    await store.append('a', { payload: '1' }, retain);
    acts[act]!(folder);
    await expect(store.append('a', { payload: '2' }, retain)).rejects.toThrow(
      /cannot write to .*store: .*(data|lock)\.mdb .*while it was open\. Restart this process/,
    );
    await eventually(() => readFails(store));
    expect(() => store.read('a', { limit: 1 })).toThrow(StoreError);
    // Nothing of the one that is gone is in the one that is there now.
    if (act.includes('made again')) expect(topOfNext(folder)).toBe(0);
  });

  it('goes on where the folder comes back', async () => {
    const folder = path.join(temporaryFolder(), 'store');
    const store = begin(folder);
    await store.append('a', { payload: '1' }, retain);
    renameSync(folder, `${folder}-aside`);
    await expect(store.append('a', { payload: '2' }, retain)).rejects.toThrow(/was removed/);
    renameSync(`${folder}-aside`, folder);
    expect(await store.append('a', { payload: '3' }, retain)).toMatchObject({ offset: 2 });
    await eventually(() => !readFails(store));
  });

  it('the file is cut', async () => {
    const folder = path.join(temporaryFolder(), 'store');
    const store = begin(folder);
    for (let i = 0; i < 50; i++) await store.append('a', { payload: 'x'.repeat(9000) }, retain);
    const file = path.join(folder, 'data.mdb');
    const { size } = statSync(file);
    // Of what LMDB has mapped nothing that is used: a page that is gone would end the process.
    truncateSync(file, size + 4096);
    await store.append('a', { payload: '1' }, retain);
    truncateSync(file, size);
    await expect(store.append('a', { payload: '2' }, retain)).rejects.toThrow(/was cut while it was open/);
  });
});

/** What a process that comes next finds in the channel. */
function topOfNext(folder: string): number {
  const module = new URL('../../dist/index.js', import.meta.url).href;
  const script = `import('${module}').then(({ lmdb }) => { const s = lmdb({ path: process.argv[1] }); console.log(s.bounds('a').top); return s.close(); })`;
  return Number(execFileSync(process.execPath, ['-e', script, folder], { encoding: 'utf8' }));
}

describe('an LMDB file of another program', () => {
  it('is refused, and nothing is written into it', async () => {
    const folder = temporaryFolder();
    const theirs = open<string, string>({ path: folder, noSubdir: false });
    await theirs.put('their key', 'value');
    const named = theirs.openDB<string, string>('their table', {});
    await named.put('x', 'y');
    await theirs.close();
    const before = statSync(path.join(folder, 'data.mdb')).size;
    expect(() => openStore({ path: folder }, machineClock)).toThrow(
      /LMDB file of another program.*Choose another directory/,
    );
    const again = open<string, string>({ path: folder, noSubdir: false });
    onTestFinished(() => again.close());
    expect([...again.getKeys()]).toEqual(['their key', 'their table']);
    expect(statSync(path.join(folder, 'data.mdb')).size).toBe(before);
  });
});

it.skipIf(process.platform === 'win32')('files and folder are for their owner alone, whatever the umask', async () => {
  const folder = path.join(temporaryFolder(), 'store');
  const old = umaskTo(0o022);
  const store = begin(folder);
  await store.append('a', { payload: '1' }, retain);
  umaskTo(old);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const files = readdirSync(folder).filter((name) => name.endsWith('.mdb'));
  expect(files.map((name) => [name, statSync(path.join(folder, name)).mode & 0o777])).toEqual([
    ['data.mdb', 0o600],
    ['lock.mdb', 0o600],
  ]);
});

/** Of this process; a thread of vitest may not set it. */
function umaskTo(mask: number): number {
  try {
    return process.umask(mask);
  } catch {
    return mask;
  }
}

it('a folder that may only be read is said', ({ skip }) => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o500);
  onTestFinished(() => chmodSync(folder, 0o700));
  if (process.getuid?.() === 0) return skip('Root may write everywhere.');
  expect(() => openStore({ path: path.join(folder, 'store') }, machineClock)).toThrow(/may not write there/);
});

describe('two containers, each with a process of the same id', () => {
  const mayUnshare = spawnSync('unshare', ['-p', '-f', 'true']).status === 0;
  const script = fileURLToPath(new URL('../testing/same-pid.mjs', import.meta.url));
  const run = (folder: string) =>
    spawn('unshare', ['-p', '-f', '--kill-child', process.execPath, script, folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });

  it.skipIf(!mayUnshare)(
    'the second is refused at once and says why, the first goes on, and once it is gone the next may',
    async () => {
      const folder = temporaryFolder();
      const first = run(folder);
      onTestFinished(() => void first.kill('SIGKILL'));
      expect(String((await once(first.stdout, 'data'))[0])).toMatch(/^1 opened/);
      const second = run(folder);
      onTestFinished(() => void second.kill('SIGKILL'));
      expect(String((await once(second.stdout, 'data'))[0])).toMatch(
        /^1 refused: .*another container that has the process id 1 too/,
      );
      // The first still has it open: nobody waited for its end.
      first.stdin.write('append\n');
      expect(String((await once(first.stdout, 'data'))[0])).toMatch(/^stored 1/);
      first.kill('SIGKILL');
      await once(first, 'close');
      const third = run(folder);
      onTestFinished(() => void third.kill('SIGKILL'));
      expect(String((await once(third.stdout, 'data'))[0])).toMatch(/^1 opened/);
    },
  );
});
