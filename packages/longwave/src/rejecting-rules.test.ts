import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const dist = new URL('../dist/', import.meta.url);
const module = (name: string): string => JSON.stringify(new URL(name, dist).href);

/** Functions that an application gives to rooms and documents, and that all reject. It says what came of each, and goes on. */
const application = `
const { createServer, defineChannels, doc } = await import(${module('index.js')});
const { connect } = await import(${module('client-node.js')});
const { play, real, room } = await import(${module('rooms.js')});
const { serveRooms } = await import(${module('rooms-server.js')});
const { bind } = await import(${module('yjs.js')});
const { documents, yjs } = await import(${module('yjs-server.js')});
const Y = await import('yjs');
const heard = [];
let wake = () => undefined;
const hear = (what) => (heard.push(what), wake());
const until = async (what) => {
  while (!heard.some((text) => text.includes(what))) await new Promise((resolve) => (wake = resolve));
};
const fails = (name) => async () => {
  hear('called ' + name);
  throw new Error('the error of ' + name);
};
const arena = room({ entities: { player: { x: real(0, 100, 1) } }, inputs: { move: { dx: real(-1, 1, 0.1) } } });
const channels = defineChannels({
  'arena/:id': arena, 'joined/:id': arena, 'left/:id': arena, 'hidden/:id': arena, 'made/:id': arena, 'doc/:id': doc(),
});
const rules = {
  create: () => ({ player: new Map() }),
  join: (state, { id }) => void state.player.set(id, { x: 1 }),
  leave: (state, { id }) => void state.player.delete(id),
  step: (state, inputs, dt, { emit, tick }) => { if (tick % 20 === 0) emit('tick'); },
};
const server = createServer({
  channels,
  documents: yjs(),
  rooms: serveRooms(channels, {
    'arena/:id': rules,
    'joined/:id': { ...rules, join: fails('join'), step: fails('step') },
    'left/:id': { ...rules, leave: fails('leave') },
    'hidden/:id': { ...rules, visible: fails('visible') },
    'made/:id': { ...rules, create: fails('create') },
  }),
  logger: {
    error: (message, error) => hear('logged ' + error?.message), warn: (message, error) => hear('logged ' + error?.message),
    info: () => undefined,
  },
});
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
const client = connect('http://127.0.0.1:' + port, { reportError: (error) => hear('reported ' + error.message) });
const played = (name, options = {}) => play(client.channel(name), arena, { player: {}, ...options });
const going = played('arena/1', { onEvent: fails('onEvent'), onEnd: fails('onEnd') });
await until('reported the error of onEvent');
going.leave();
await client.channel('arena/1').presence.leave();

const joined = played('joined/1');
await until('called join');
await until('called step');
joined.leave();

const left = played('left/1');
await left.ready;
left.leave();
await until('called leave');

const hidden = played('hidden/1');
await until('called visible');
hidden.leave();

const made = played('made/1');
made.ready.catch((error) => hear('refused ' + error.code));
await until('called create');
made.leave();

const ydoc = new Y.Doc();
const binding = bind(client.channel('doc/a'), ydoc);
binding.on('status', fails('status'));
const stop = documents(server).onChange('doc/a', fails('onChange'), { debounce: 0, atLatest: 0 });
await binding.synced;
ydoc.getText('body').insert(0, 'x');
await until('called status');
await until('logged the error of onChange');
stop();

await new Promise((resolve) => setTimeout(resolve, 100));
console.log(JSON.stringify(heard));
console.log('alive', client.state.status);
client.close();
await server.close();
`;

it('CLI-4: no rule of a room and no handler of documents that rejects ends a Node process, and each is told', async () => {
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', application], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  });
  const [told = '[]', last] = stdout.trim().split('\n');
  expect(last).toBe('alive connected');
  const heard = JSON.parse(told) as readonly string[];
  expect(heard).toContain('reported the error of onEvent');
  expect(stderr).toContain('the error of status');
  for (const rule of ['join', 'step', 'leave', 'visible', 'create'])
    expect(heard.filter((text) => text.includes(`${rule} of a room gave a promise`))).not.toEqual([]);
  expect(heard).toContain('logged the error of onChange');
}, 60_000);
