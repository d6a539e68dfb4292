import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import * as Y from 'yjs';
import { longwave, longwaveWith } from '../testing/run.js';

/** The packages as built, which the process loads. */
const entryOf = (name: string): string => pathToFileURL(path.resolve(import.meta.dirname, '../../../dist', name)).href;

async function serveDocuments() {
  const folder = await mkdtemp(path.join(tmpdir(), 'longwave-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const config = path.join(folder, 'config.mjs');
  await writeFile(
    config,
    `import { defineChannels, doc } from '${entryOf('contract.js')}';
     import { yjs } from '${entryOf('yjs-server.js')}';
     export const channels = defineChannels({ 'doc/:id': doc() });
     export const documents = yjs();`,
  );
  const args = [
    'serve',
    config,
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--drain',
    '0',
    '--store',
    `lmdb:${folder}/store`,
  ];
  const { out } = longwaveWith({ LONGWAVE_API_KEY: 'secret' }, ...args);
  const [, url] = await out.find(/listens on (\S+)/);
  const run = async (input: string | undefined, command: string, ...rest: readonly string[]) => {
    const running = longwave('doc', command, ...rest, '--url', url!, '--key', 'secret');
    if (input !== undefined) running.type(input);
    running.endInput();
    return { code: await running.ended, out: running.out.all, err: running.err.all };
  };
  return { url: url!, folder, run };
}

it('longwave doc: imports, prints, keeps, restores and compacts documents of a running server', async () => {
  const { run, folder } = await serveDocuments();
  const done = { code: 0, err: [] };
  expect(await run('# Plan', 'import', 'doc/x', '--user', 'ada')).toMatchObject(done);
  expect(await run(undefined, 'cat', 'doc/x')).toEqual({ ...done, out: ['# Plan', ''] });
  expect(await run(undefined, 'cat', 'doc/x', '--json')).toEqual({ ...done, out: ['{"body":"# Plan\\n"}'] });
  const kept = await run(undefined, 'history', 'doc/x', '--save', 'Draft', '--user', 'ada');
  expect(kept.out).toEqual([expect.stringMatching(/^ {3}1 {2}\S+ {2}offset 1 {2}\d+ bytes {2}"Draft" {2}by ada$/)]);
  const file = path.join(folder, 'new.md');
  await writeFile(file, '# Other plan');
  expect(await run(undefined, 'import', 'doc/x', file)).toMatchObject(done);
  expect((await run(undefined, 'cat', 'doc/x')).out).toEqual(['# Other plan']);
  expect((await run(undefined, 'cat', 'doc/x', '--at', '1')).out).toEqual(['# Plan', '']);
  expect(await run(undefined, 'restore', 'doc/x', '1', '--user', 'bob')).toMatchObject(done);
  expect((await run(undefined, 'cat', 'doc/x')).out).toEqual(['# Plan', '']);
  const size = async (): Promise<unknown> => JSON.parse((await run(undefined, 'size', 'doc/x', '--json')).out[0]!);
  // Two imports and what restored the first.
  expect(await size()).toMatchObject({ snapshotBytes: 0, updates: 3 });
  expect((await run(undefined, 'compact', 'doc/x')).out).toEqual(['compacted']);
  expect(await size()).toMatchObject({ updates: 0 });
  expect((await run(undefined, 'size', 'doc/x')).out).toEqual([
    expect.stringMatching(/^(\d+) bytes: a snapshot of \1, and 0 updates of 0$/),
  ]);
  expect((await run(undefined, 'compact', 'doc/x')).out).toEqual(['nothing to compact']);
  const doc = new Y.Doc();
  doc.getMap('meta').set('a', 1);
  await writeFile(file, Y.encodeStateAsUpdate(doc));
  expect(await run(undefined, 'import', 'doc/x', file, '--update')).toMatchObject(done);
  expect((await run(undefined, 'cat', 'doc/x', '--json')).out).toEqual([expect.stringContaining('"meta":{"a":1}')]);
  const history = await run(undefined, 'history', 'doc/x', '--json');
  expect(history.out.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { id: '1', name: 'Draft', user: 'ada' },
  ]);
});

it('longwave doc: says what is wrong', async () => {
  const { run, url, folder } = await serveDocuments();
  const failed = (err: string) => ({ code: 1, out: [], err: [expect.stringContaining(err)] });
  expect(await run(undefined, 'cat', 'nowhere/at/all')).toEqual(failed('answered 404'));
  expect(await run(undefined, 'restore', 'doc/x', '7')).toEqual(failed('answered 410'));
  expect(await run(undefined, 'import', 'doc/x', path.join(folder, 'none'))).toEqual(failed('ENOENT'));
  expect(await run('no update', 'import', 'doc/x', '--update')).toEqual(failed('no update of Yjs'));
  const keyless = longwave('doc', 'cat', 'doc/x', '--url', url);
  expect([await keyless.ended, keyless.err.all]).toEqual([1, [expect.stringContaining('--key or LONGWAVE_API_KEY')]]);
});
