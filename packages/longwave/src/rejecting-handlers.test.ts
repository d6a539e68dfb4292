import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const dist = new URL('../dist/', import.meta.url);

/** An application whose handlers all fail: it answers on standard output when each was called, and goes on. */
const application = `
const { createServer, defineChannels, log, map } = await import(${JSON.stringify(new URL('index.js', dist).href)});
const { connect } = await import(${JSON.stringify(new URL('client-node.js', dist).href)});
const anything = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } };
const server = createServer({
  channels: defineChannels({ chat: log({ presence: anything }), fleet: map({ demand: true }) }),
  logger: { error: () => undefined, info: () => undefined },
});
const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
const client = connect('http://127.0.0.1:' + port);
const fails = (name, done) => async () => {
  done();
  throw new Error(name);
};
const throws = (name, done) => () => {
  done();
  throw new Error(name);
};
const all = [];
for (const make of [fails, throws]) {
  const told = (name) => {
    let done;
    all.push(new Promise((resolve) => (done = resolve)));
    return make(make.name + ' ' + name, done);
  };
  client.channel('chat').subscribe({ onSubscribed: told('onSubscribed') }, told('subscribe'));
  client.channel('fleet').watch(told('watch'));
  client.channel('fleet').watch().subscribe(told('listener'));
  client.onState(told('onState'));
  client.channel('chat').presence.watch(told('presence'));
  client.channel('chat').presence.count(told('count'));
  client.channel('fleet').demand(told('demand'));
  server.channel('fleet').demand(told('demand of the server'));
}
await client.channel('chat').presence.enter({ name: 'Ada' });
await client.channel('chat').publish(1);
await client.channel('fleet').put('a', 1);
await Promise.all(all);
await new Promise((resolve) => setTimeout(resolve, 100));
console.log('alive', client.state.status);
client.close();
await server.close();
`;

it('CLI-4: no handler that throws or rejects ends a Node process, and each is written to its console', async () => {
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', application], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  });
  expect(stdout.trim()).toBe('alive connected');
  for (const name of ['subscribe', 'onSubscribed', 'watch', 'listener', 'onState', 'presence', 'count', 'demand']) {
    expect(stderr).toContain(`fails ${name}`);
    expect(stderr).toContain(`throws ${name}`);
  }
}, 30_000);
