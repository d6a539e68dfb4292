import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { longwave, serve } from './testing/run.js';

async function config(text: string, name = 'config.mjs'): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'longwave-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, name);
  await writeFile(file, text);
  return file;
}

const channels = `{ 'chat/:room': { mode: 'log', message: undefined, retain: { count: 10, bytes: 1e6, ageMs: 1e6 } } }`;

describe('a configuration', () => {
  it('gives the options of createServer, by name', async () => {
    const file = await config(`
      export const channels = ${channels};
      export const authenticate = (token) => ({ user: token });
      export const authorize = ({ user }) => user === 'ada';
    `);
    const server = await serve(0, file);
    expect(server.out.all).toHaveLength(1);
    const ada = longwave('pub', 'chat/lobby', '--url', server.url, '--token', 'ada', '--quiet');
    ada.type('hi');
    ada.endInput();
    expect(await ada.ended).toBe(0);
    const sub = longwave('sub', 'chat/lobby', '--url', server.url, '--token', 'ada', '--last', '1', '--count', '1');
    expect(await sub.ended).toBe(0);
    expect(JSON.parse(sub.out.all[0]!)).toMatchObject({ user: 'ada', data: 'hi' });
    const eve = longwave('sub', 'chat/lobby', '--url', server.url, '--token', 'eve', '--quiet');
    expect(await eve.ended).toBe(1);
    expect(eve.err.all).toEqual([expect.stringContaining('forbidden')]);
  });

  it('PUB-3: with --id-prefix the same input again is stored once', async () => {
    const file = await config(`
      export const channels = ${channels};
      export const authenticate = (token) => ({ user: token });
    `);
    const { url } = await serve(0, file);
    const run = async () => {
      const pub = longwave('pub', 'chat/lobby', '--url', url, '--token', 'ada', '--id-prefix', 'import-7/', '--acks');
      pub.type('a', 'b');
      pub.endInput();
      expect(await pub.ended).toBe(0);
      return pub.out.all.map((line) => JSON.parse(line) as unknown);
    };
    expect(await run()).toMatchObject([
      { line: 1, offset: 1, duplicate: false },
      { line: 2, offset: 2, duplicate: false },
    ]);
    expect(await run()).toMatchObject([
      { line: 1, offset: 1, duplicate: true },
      { line: 2, offset: 2, duplicate: true },
    ]);
  });

  it.each([
    [
      'a misspelt option',
      `export default { channels: ${channels}, authorise: () => false }`,
      /exports authorise, which is no option/,
    ],
    ['no channels', 'export const path = "/x"', /exports no 'channels'/],
    ['a default export that is none', 'export default 5', /must be an object/],
    ['an error in it', 'throw new Error("broken")', /cannot be loaded: Error: broken/],
  ])('is refused with %s', async (_, text, message) => {
    const refused = longwave('serve', '--port', '0', await config(text));
    expect(await refused.ended).toBe(1);
    expect(refused.err.all.join('\n')).toMatch(message);
  });

  it('that is not there is refused', async () => {
    const refused = longwave('serve', '--port', '0', '/no/such/config.mjs');
    expect(await refused.ended).toBe(1);
    expect(refused.err.all.join('\n')).toContain('cannot be loaded');
  });

  it('in TypeScript runs where Node runs TypeScript, and is refused with the reason elsewhere', async () => {
    const file = await config(`export const channels: object = ${channels};`, 'config.mts');
    const canRun = Boolean((process.features as { typescript?: unknown }).typescript);
    if (canRun) {
      expect((await serve(0, file)).url).toContain('http://');
    } else {
      const refused = longwave('serve', '--port', '0', file);
      expect(await refused.ended).toBe(1);
      expect(refused.err.all.join('\n')).toMatch(/does not run TypeScript, which takes 22\.18/);
    }
  });
});
