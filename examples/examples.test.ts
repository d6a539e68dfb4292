import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connect } from 'longwave/client';
import { bind } from 'longwave/yjs';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';

const running: ChildProcess[] = [];

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
});

interface Program {
  /** Resolves with the first line, past or to come, that holds `text`. Rejects when the program ends without it. */
  waitFor(text: string): Promise<string>;
  type(line: string): void;
  /** Ends its standard input and resolves with its exit code. */
  end(): Promise<number | null>;
}

function run(path: string, args: readonly string[] = []): Program {
  return start(path, [fileURLToPath(new URL(`dist/${path}.js`, import.meta.url)), ...args]);
}

function start(path: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
  const child = spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL(path.split('/')[0]!, import.meta.url)),
    env: { ...process.env, PORT: '0', NO_COLOR: '1', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  running.push(child);
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  return {
    waitFor: (text) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const found = lines.find((line) => line.includes(text));
          if (found !== undefined) resolve(found);
        };
        output.on('line', check);
        output.once('close', () => reject(new Error(`${path} ended without '${text}': ${lines.join('\n')}`)));
        check();
      }),
    type: (line) => void child.stdin.write(`${line}\n`),
    end: async () => {
      const exited = once(child, 'exit');
      child.stdin.end();
      const [code] = (await exited) as [number | null];
      return code;
    },
  };
}

/** The answer to a WebSocket handshake that a page of `origin` begins. */
function upgradeStatus(url: string, origin: string): Promise<number | undefined> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}longwave`, ['longwave.v1.json'], { origin });
  return new Promise((resolve) => {
    socket.once('upgrade', ({ statusCode }) => resolve(statusCode));
    socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode));
    socket.once('error', () => socket.terminate());
    socket.once('open', () => socket.terminate());
  });
}

describe('examples', () => {
  it('echo greets and returns what was typed', async () => {
    const url = await run('echo/server').waitFor('ws://');
    const client = run('echo/client', [url]);
    await client.waitFor('Hello.');
    client.type('are you there?');
    await client.waitFor('are you there?');
    expect(await client.end()).toBe(0);
  });

  it('chat-terminal carries lines between two terminals, and history to a third', async () => {
    const url = await run('chat-terminal/server').waitFor('http://');
    const [ada, grace] = [
      run('chat-terminal/client', ['Ada', 'lab', url]),
      run('chat-terminal/client', ['Grace', 'lab', url]),
    ];
    await Promise.all([ada.waitFor('* connected'), grace.waitFor('* connected')]);
    ada.type('anybody here?');
    await grace.waitFor('Ada: anybody here?');
    grace.type('I am');
    await ada.waitFor('Grace: I am');
    const late = run('chat-terminal/client', ['Late', 'lab', url]);
    await late.waitFor('Ada: anybody here?');
    await late.waitFor('Grace: I am');
    late.type('last words');
    expect(await late.end()).toBe(0);
    await ada.waitFor('Late: last words');
  });

  it('authenticated-chat lets users into rooms of theirs, and ends those who are banned', async () => {
    const url = (await run('authenticated-chat/server').waitFor('http://')).trim();
    const [ada, grace] = [
      run('authenticated-chat/client', ['ada', 'analytical', 'lobby', url]),
      run('authenticated-chat/client', ['grace', 'compiler', 'lobby', url]),
    ];
    await Promise.all([ada.waitFor('* you are ada'), grace.waitFor('* you are grace')]);
    ada.type('anybody here?');
    await grace.waitFor('ada: anybody here?');
    const staff = run('authenticated-chat/client', ['grace', 'compiler', 'staff', url]);
    await staff.waitFor("* No right to subscribe on 'chat/staff'.");
    await run('authenticated-chat/client', ['grace', 'wrong', 'lobby', url]).waitFor(
      'The name or the password is wrong.',
    );
    const banned = await fetch(`${url}/ban/grace`, { method: 'POST' });
    expect(await banned.json()).toEqual({ connections: 2 });
    await grace.waitFor('* You are banned.');
    ada.type('who was that?');
    await ada.waitFor('ada: who was that?');
    expect(await ada.end()).toBe(0);
  });

  it('tested-buzzer serves what its tests are about', async () => {
    const client = connect((await run('tested-buzzer/server').waitFor('http://')).split(' ').at(-1) ?? '', {
      token: 'ada',
    });
    try {
      const buzzer = client.channel('buzzer/capitals');
      await buzzer.set({ name: 'Ada' }, { expect: 0 });
      await expect(buzzer.set({ name: 'Ada' }, { expect: 0 })).rejects.toMatchObject({ code: 'conflict' });
    } finally {
      client.close();
    }
  });

  it('codemirror serves its page, and a document that others write in', async () => {
    const url = (await run('codemirror/server').waitFor('http://')).trim();
    const script = /src="([^"]+)"/.exec(await (await fetch(url)).text())?.[1] ?? '';
    expect((await (await fetch(url + script)).text()).length).toBeGreaterThan(100_000);
    const clients = [connect(url), connect(url)];
    try {
      const [ada, grace] = clients.map((client) => {
        const ydoc = new Y.Doc();
        return { text: ydoc.getText('text'), binding: bind(client.channel('notes/welcome'), ydoc) };
      });
      await Promise.all([ada!.binding.synced, grace!.binding.synced]);
      ada!.text.insert(0, 'From Ada. ');
      await expect.poll(() => grace!.text.toJSON()).toMatch(/^From Ada\. # Notes/);
    } finally {
      for (const client of clients) client.close();
    }
  });

  it.each(['http', 'express', 'fastify', 'hono', 'nest'])(
    'embed-%s publishes from a route to a subscriber',
    async (name) => {
      const url = (await run(`embed-${name}/server`).waitFor('http://')).trim();
      const client = connect(url);
      try {
        const messages = client.channel('news').subscribe({ from: { last: 10 } });
        await messages.ready;
        const health = await fetch(new URL('/healthz', url));
        expect([health.status, await health.json()]).toEqual([200, { status: 'alive' }]);
        const response = await fetch(url, { method: 'POST' });
        expect(response.status).toBe(200);
        for await (const { data } of messages) {
          expect(data).toEqual({ text: `from ${name}` });
          break;
        }
      } finally {
        client.close();
      }
    },
  );

  it('embed-vite: the proxy of its configuration passes every transport on, and the page is served', async () => {
    const server = (await run('embed-vite/server').waitFor('http://')).trim();
    const vite = fileURLToPath(new URL('../node_modules/vite/bin/vite.js', import.meta.url));
    const args = [vite, '--host', '127.0.0.1', '--port', '0'];
    const line = await start('embed-vite', args, { SERVER: server }).waitFor('http://');
    const url = /http:\/\/\S+/.exec(line)?.[0] ?? '';
    expect(await (await fetch(`${url}page.ts`)).text()).toContain('connect');
    // A page from Vite is of the same origin as the server behind it; no other page is.
    expect(await upgradeStatus(url, new URL(url).origin)).toBe(101);
    expect(await upgradeStatus(url, 'https://elsewhere.example')).toBe(403);
    for (const transport of ['websocket', 'stream', 'poll'] as const) {
      const client = connect(url, { transport });
      try {
        for await (const { data } of client.channel('news').subscribe({ from: { last: 1 } })) {
          expect(data).toEqual({ text: 'Good morning.' });
          break;
        }
        await client.channel('news').publish({ text: 'Good morning.' });
      } finally {
        client.close();
      }
    }
  });
});
