import { describe, expect, it } from 'vitest';
import type { Encoded } from '@longwave/protocol';
import type { Session, Sink } from '@longwave/core';
import { type Access, FakeNetwork, type Listener } from './fake-network.js';
import type { Breakage, FakeLink } from './fake-link.js';
import { Host } from '../checking/host.js';
import { Random } from '../random.js';
import { VirtualClock } from '../virtual-clock.js';

/** One client and one server, which note what they are told. */
function make({
  access = 'online' as Access,
  reachable = 'up' as Listener['reachable'],
  early = [] as string[],
  exact = false,
  seed = 'network',
} = {}) {
  const clock = new VirtualClock(new Random(1));
  const [clientHost, serverHost] = ['client', 'server'].map((name) => new Host(name, clock, new Random(name)));
  const client: string[] = [];
  const server: string[] = [];
  const misuse: string[] = [];
  let sink: Sink | undefined;
  const session = {
    state: 'open',
    receive: (message: Encoded) => server.push(String(message)),
    closed: () => server.push('closed'),
    drained: () => server.push('drained'),
  } as unknown as Session;
  const listener: Listener = { host: serverHost!, reachable, accept: (given) => ((sink = given), session) };
  const network = new FakeNetwork({
    ...{ clock, random: new Random(seed), latencyMs: 50, jitterMs: 100, bufferBytes: 1000, exact },
    listeners: () => [listener],
    onMisuse: (what) => misuse.push(what),
  });
  let link!: FakeLink;
  network
    .transport({ host: clientHost!, access: () => access, onLink: (given) => (link = given) })
    .connect('http://simulated', 'json', {
      onOpen: () => client.push('open'),
      onMessage: (message) => client.push(String(message)),
      onRenew: () => client.push('renew'),
      onLost: () => client.push('lost'),
      onClose: ({ code }) => client.push(`close ${code}`),
    });
  for (const message of early) link.send(message);
  const run = (forMs = 1000) => {
    const end = clock.time + forMs;
    while (clock.step(end));
    clock.time = end;
  };
  return { client, server, misuse, network, link, run, clientHost: clientHost!, sink: () => sink! };
}

const text = (message: string) => new TextEncoder().encode(message);

describe('FakeNetwork', () => {
  it('carries messages both ways, late and in their order, with the bytes of the codec between', () => {
    const { client, server, link, run, sink, misuse } = make();
    run();
    for (let i = 0; i < 9; i++) {
      link.send(`up ${i}`);
      sink().write(text(`dówn ${i}`));
    }
    expect([client, server]).toEqual([['open'], []]);
    run();
    expect(client.slice(1)).toEqual(Array.from({ length: 9 }, (_, i) => `dówn ${i}`));
    expect(server).toEqual(Array.from({ length: 9 }, (_, i) => `up ${i}`));
    expect(misuse).toEqual([]);
  });

  it('closes behind what was said, from either end', () => {
    const one = make();
    one.run();
    one.sink().write(text('last'));
    one.sink().close(4504, 'going-away');
    one.run();
    expect(one.client).toEqual(['open', 'last', 'close 4504']);
    const two = make();
    two.run();
    two.link.send('last');
    two.link.close();
    two.sink().write(text('late'));
    two.run();
    expect([two.client, two.server]).toEqual([['open'], ['last', 'closed']]);
  });

  it.each<[Breakage, client: boolean, server: boolean]>([
    ['cut', true, true],
    ['half-open', false, false],
    ['client-untold', false, true],
    ['server-untold', true, false],
  ])('%s: what is under way is lost, and who is told is told', (how, clientIsTold, serverIsTold) => {
    const { client, server, network, link, run, sink } = make();
    run();
    link.send('up');
    sink().write(text('down'));
    network.break(link, how);
    run(60_000);
    expect(client).toEqual(['open', ...(clientIsTold ? ['close 1006'] : [])]);
    expect(server).toEqual(serverIsTold ? ['closed'] : []);
  });

  it('deaf-client: only what the client says still arrives', () => {
    const { client, server, network, link, run, sink } = make();
    run();
    network.break(link, 'deaf-client');
    link.send('up');
    sink().write(text('down'));
    run();
    expect([client, server]).toEqual([['open'], ['up']]);
  });

  it('refuses, or lets a client wait for ever', () => {
    for (const options of [{ access: 'refused' }, { reachable: 'refusing' }] as const) {
      const { client, run } = make(options);
      run();
      expect(client).toEqual(['close 1006']);
    }
    for (const options of [{ access: 'hanging' }, { reachable: 'dark' }] as const) {
      const { client, run } = make(options);
      run(60_000);
      expect(client).toEqual([]);
    }
  });

  it('keeps what comes for a machine that sleeps', () => {
    const { client, run, sink, clientHost } = make();
    run();
    clientHost.suspend();
    sink().write(text('one'));
    sink().write(text('two'));
    run();
    expect(client).toEqual(['open']);
    clientHost.resume();
    run();
    expect(client).toEqual(['open', 'one', 'two']);
  });

  it('WIRE-17: carries what was sent before it was begun, the first with the request or after it, each once', () => {
    const early = ['first', 'second', 'third'];
    for (let i = 0; i < 20; i++) {
      const { client, server, run, misuse } = make({ early, seed: `network ${i}` });
      run();
      expect([client, server, misuse]).toEqual([['open'], early, []]);
    }
  });

  it('tells of a client that sends before its link is open, where that is no part of the link', () => {
    const { misuse } = make({ early: ['early'], exact: true });
    expect(misuse).toEqual(['send before onOpen']);
  });
});
