import { LongwaveError } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { hocuspocusNames, openHocuspocus, openers, yWebsocketNames } from './testing/clients.js';
import { startServer } from './testing/server.js';

const names = Object.keys(openers);

/** A token is the user's name, a colon and the milliseconds that it lasts, if it does not last for ever. */
function authenticate(token: string | undefined) {
  const [user, lasts] = token?.split(':') ?? [];
  if (user === undefined || user === 'bad') throw new LongwaveError('unauthenticated');
  return { user, ...(lasts !== undefined && { expiresAt: Date.now() + Number(lasts) }) };
}

/** Readers read, writers write, and nobody else is let in. */
const rules: NonNullable<Parameters<typeof startServer>[0]> = {
  authenticate,
  authorize: ({ user, action }) => {
    if (user === 'reader') return action === 'subscribe';
    return user === 'writer';
  },
};

describe.each(names)('%s', (name) => {
  const open = openers[name]!;

  it('stores what a user writes under their name, and asks the hook', async () => {
    const published: unknown[] = [];
    const { port, server } = await startServer({
      ...rules,
      on: { publish: ({ user, channel }) => void published.push([user, channel]) },
    });
    const editor = open(port, 'a', { token: 'writer' });
    await editor.synced();
    editor.text.insert(0, 'mine');
    await expect
      .poll(async () => (await server.engine.history('doc/a', {})).ops.map(({ user }) => user))
      .toEqual(['writer']);
    expect(published).toEqual([['writer', 'doc/a']]);
  });

  it('reads with the right to read alone, and is refused what it writes', async () => {
    const { port, operations, ...dialects } = await startServer(rules);
    const writer = open(port, 'a', { token: 'writer' });
    const reader = open(port, 'a', { token: 'reader' });
    await Promise.all([writer.synced(), reader.synced()]);
    writer.text.insert(0, 'said');
    await expect.poll(() => reader.text.toJSON()).toBe('said');
    reader.text.insert(0, 'un');
    const refused = (): number => dialects.y.counts.refused + dialects.hocuspocus.counts.refused;
    await expect.poll(refused).toBeGreaterThan(0);
    writer.text.insert(4, '!');
    await expect.poll(() => reader.text.toJSON()).toBe('unsaid!');
    expect(writer.text.toJSON()).toBe('said!');
    expect(await operations('a')).toBe(2);
  });

  it('is let in by no bad token, and stores nothing', async () => {
    const asked: (string | undefined)[] = [];
    const { port, operations } = await startServer({
      ...rules,
      authenticate: (token) => {
        asked.push(token);
        return authenticate(token);
      },
    });
    const doc = new Y.Doc();
    doc.getText('t').insert(0, 'foreign');
    const editor = open(port, 'a', { token: 'bad', doc });
    let synced = false;
    void editor.synced().then(() => (synced = true));
    await expect.poll(() => asked.length).toBe(1);
    const allowed = open(port, 'a', { token: 'writer' });
    await allowed.synced();
    expect(allowed.text.toJSON()).toBe('');
    expect(synced).toBe(false);
    expect(await operations('a')).toBe(0);
    // A refused client is held, so that it does not come back in a loop.
    expect(asked).toEqual(['bad', 'writer']);
  });

  it('hocuspocus#566: is cut off when its right is withdrawn', async () => {
    let isAllowed = true;
    const { port, server } = await startServer({
      authenticate,
      authorize: ({ user }) => user === 'writer' || isAllowed,
    });
    const writer = open(port, 'a', { token: 'writer' });
    const guest = open(port, 'a', { token: 'guest' });
    await Promise.all([writer.synced(), guest.synced()]);
    isAllowed = false;
    await server.engine.recheckUser('guest');
    writer.text.insert(0, 'secret');
    const other = open(port, 'a', { token: 'writer' });
    await other.synced();
    await expect.poll(() => other.text.toJSON()).toBe('secret');
    expect(guest.text.toJSON()).toBe('');
  });
});

describe.each(yWebsocketNames)('%s', (name) => {
  it('inplan#89: comes back with another token when its own is over, and what it wrote meanwhile is stored', async () => {
    const { port, server } = await startServer(rules);
    const editor = openers[name]!(port, 'a', { token: 'writer:700' });
    const reader = openers[name]!(port, 'a', { token: 'reader' });
    await Promise.all([editor.synced(), reader.synced()]);
    editor.renew!('writer');
    await expect.poll(async () => (await server.engine.connectionsOf('writer')).connections.length).toBe(0);
    editor.text.insert(0, 'late');
    await expect.poll(() => reader.text.toJSON()).toBe('late');
  });
});

describe.each(hocuspocusNames)('%s', (name) => {
  it('inplan#89: goes on with a fresh token, and what it writes is stored', async () => {
    const tokens: string[] = [];
    const { port, operations } = await startServer({
      ...rules,
      authenticate: (token) => {
        tokens.push(token!);
        return authenticate(token);
      },
    });
    const editor = openHocuspocus(name)(port, 'a', { token: () => `writer:${tokens.length < 2 ? 500 : 60_000}` });
    await editor.synced();
    await expect.poll(() => tokens.length).toBeGreaterThan(2);
    editor.text.insert(0, 'late');
    await expect.poll(() => operations('a')).toBe(1);
  });

  it('is told whether it may write, and why it is denied', async () => {
    const { port } = await startServer(rules);
    const scopeOf = (token: string): Promise<unknown> =>
      new Promise((resolve) => {
        const { provider } = openHocuspocus(name)(port, 'a', { token });
        provider.on('authenticated', () => resolve(provider.authorizedScope));
        provider.on('authenticationFailed', ({ reason }: { reason: string }) => resolve(reason));
      });
    expect(await scopeOf('reader')).toBe('readonly');
    expect(await scopeOf('writer')).toBe('read-write');
    expect(await scopeOf('bad')).toBe('permission-denied');
    expect(await scopeOf('stranger')).toBe('permission-denied');
  });
});
