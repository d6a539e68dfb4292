import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { longwave } from '../testing/run.js';

async function serve(): Promise<string> {
  const { out } = longwave('serve', '--host', '127.0.0.1', '--port', '0', '--drain', '0');
  const [, url] = await out.find(/listens on (\S+)/);
  return url!.replace(/^ws/, 'http');
}

it('longwave script: prints an element whose URL may be kept, with the hash of what is there', async () => {
  const url = await serve();
  for (const [args, type, file] of [
    [[], '', 'js'],
    [['--module'], 'type="module" ', 'mjs'],
  ] as const) {
    const run = longwave('script', url, ...args);
    expect([await run.ended, run.err.all]).toEqual([0, []]);
    const [, kind, src, hash] = /^<script (.*)src="(.*)" integrity="sha384-(.*)" crossorigin/.exec(run.out.all[0]!)!;
    expect([kind, src]).toEqual([type, expect.stringMatching(`^${url}/longwave.${file}\\?v=\\w{16}$`)]);
    const response = await fetch(src!);
    expect(response.headers.get('cache-control')).toContain('immutable');
    const body = Buffer.from(await response.arrayBuffer());
    expect(createHash('sha384').update(body).digest('base64')).toBe(hash);
  }
});

it('longwave script: says what is wrong', async () => {
  const url = await serve();
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['ws://x'], 'no http or https URL'],
    [['http://127.0.0.1:1'], 'cannot be reached'],
    [[url, '--path', '/other'], '/other.js answered 404'],
  ];
  for (const [args, said] of cases) {
    const run = longwave('script', ...args);
    expect(await run.ended).toBe(1);
    expect(run.err.all).toEqual([expect.stringContaining(said)]);
  }
});
