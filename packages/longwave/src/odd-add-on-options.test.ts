import { oddValues, takenOddValues } from '@longwave/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as Y from 'yjs';
import { type JwtOptions, anyOf, cookie, jwt } from './auth.js';
import { connect } from './client-node.js';
import { hocuspocus, yWebsocket } from './dialects.js';
import { createServer, defineChannels, doc } from './index.js';
import { serveRooms } from './rooms-server.js';
import { play, real, room } from './rooms.js';
import { documents, yjs } from './yjs-server.js';
import { bind } from './yjs.js';

const whole = ['above 31 bits'];
const functions = ['a function'];
const texts = ['a text', 'a number as text', 'a duration as text', 'a long text'];
const durations = ['a duration as text'];
const arena = room({ entities: { player: { x: real(0, 100, 1) } }, inputs: { move: { dx: real(-1, 1, 0.1) } } });
const channels = defineChannels({ 'arena/:id': arena, 'doc/:id': doc() });
const rules = { create: () => ({ player: new Map() }), step: () => undefined };

/** A client that finds no server. */
function openClient() {
  const client = connect<typeof channels>('http://127.0.0.1:9', { reportError: () => undefined });
  onTestFinished(() => client.close());
  return client;
}

type Slot = readonly [field: string, taken: readonly string[], use: (odd: never) => unknown];

describe('rooms: whatever an option is, it is taken or refused by its name', () => {
  const define = (options: object) => room({ entities: {}, inputs: {}, ...options });
  const serve = (logic: object) => serveRooms(channels, { 'arena/:id': { ...rules, ...logic } as typeof rules });
  const join = (options: object) => play(openClient().channel('arena/1'), arena, options).leave();
  it.each<Slot>([
    ['player', [], (player) => define({ player })],
    ['tick', [], (tick) => define({ tick })],
    ['send', [], (send) => define({ send })],
    ['nearby', [], (nearby) => define({ nearby })],
    ['radius', ['1.5', 'above 31 bits', 'beyond whole numbers'], (radius) => define({ nearby: { radius } })],
    ['spectators', ['false', 'true'], (spectators) => define({ spectators })],
    ['maxPlayers', [], (maxPlayers) => define({ maxPlayers })],
    ['maxEntities', [], (maxEntities) => define({ maxEntities })],
    ['grace', ['0', '-0', ...durations], (grace) => define({ grace })],
    ['maxBytes', [], (maxBytes) => define({ maxBytes })],
    ['maxRooms', whole, (maxRooms) => serveRooms(channels, { 'arena/:id': rules }, { maxRooms })],
    ['join', functions, (given) => serve({ join: given })],
    ['leave', functions, (given) => serve({ leave: given })],
    ['visible', functions, (given) => serve({ visible: given })],
    ['about', functions, (given) => serve({ about: given })],
    ['create', functions, (given) => serve({ create: given })],
    ['step', functions, (given) => serve({ step: given })],
    ['rules', [], (given) => serveRooms(channels, given)],
    ['own', [], (own) => join({ own })],
    ['predict', [], (predict) => join({ predict })],
    ['onEvent', functions, (onEvent) => join({ onEvent })],
    ['onEnd', functions, (onEnd) => join({ onEnd })],
    ['clock', [], (clock) => join({ clock })],
    ['play', [], (given) => play(openClient().channel('arena/1'), given)],
  ])('CLI-10: %s', (field, taken, use) => {
    expect(takenOddValues(field, (odd) => use(odd as never))).toEqual(taken);
  });
});

describe('documents: whatever an option is, it is taken or refused by its name', () => {
  const bound = (options: object) => bind(openClient().channel('doc/a'), new Y.Doc(), options).unsubscribe();
  it.each<Slot>([
    ['awareness', ['false'], (awareness) => bound({ awareness })],
    ['clock', [], (clock) => bound({ clock })],
    ['channel', [], (channel) => bind(channel, new Y.Doc())],
    ['ydoc', [], (ydoc) => bind(openClient().channel('doc/a'), ydoc)],
    ['listener', functions, (odd) => bind(openClient().channel('doc/a'), new Y.Doc()).on('status', odd)],
    ['event', [], (event) => bind(openClient().channel('doc/a'), new Y.Doc()).on(event, () => undefined)],
    ['workers', [], (workers) => yjs({ workers })],
    ['timeout', durations, (timeout) => yjs({ timeout })],
    ['memoryMiB', whole, (memoryMiB) => yjs({ memoryMiB })],
    ['versions', ['false', 'an empty object'], (versions) => yjs({ versions })],
    ['idle', durations, (idle) => yjs({ versions: { idle } })],
    ['keep', [], (keep) => yjs({ versions: { keep } })],
  ])('CLI-10: %s', (field, taken, use) => {
    expect(takenOddValues(field, (odd) => use(odd as never))).toEqual(taken);
  });

  it('CLI-10: so are the arguments of an edit, a seed and a handler', async () => {
    const server = createServer({ channels: defineChannels({ 'doc/:id': doc() }), documents: yjs() });
    onTestFinished(() => server.close());
    const docs = documents(server);
    expect(takenOddValues('handler', (odd) => docs.onChange('doc/a', odd as never)())).toEqual(functions);
    expect(takenOddValues('debounce', (odd) => docs.onChange('doc/a', () => 0, { debounce: odd as never })())).toEqual([
      ...['0', '-0'],
      ...durations,
    ]);
    for (const { name, value } of oddValues()) {
      if (typeof value === 'function') continue;
      await expect(docs.edit('doc/a', value as never), name).rejects.toThrow('edit: change is');
      await expect(docs.seed('doc/a', value as never), name).rejects.toThrow('seed: fill is');
      if (value === undefined || name.startsWith('an empty object')) continue;
      await expect(
        docs.edit('doc/a', () => undefined, value as never),
        name,
      ).rejects.toThrow(TypeError);
    }
  });
});

describe('dialects: whatever an option is, it is taken or refused by its name', () => {
  const paths = (make: (path: never) => ReturnType<typeof yWebsocket>) => (path: never) =>
    createServer({ channels: defineChannels({ 'doc/:id': doc() }), documents: yjs(), dialects: [make(path)] });
  it.each<Slot>([
    ['document', functions, (document) => yWebsocket({ document })],
    ['maxMessageBytes', whole, (maxMessageBytes) => yWebsocket({ maxMessageBytes })],
    ['messagesPerSecond', whole, (messagesPerSecond) => hocuspocus({ messagesPerSecond })],
    ['bytesPerSecond', whole, (bytesPerSecond) => hocuspocus({ bytesPerSecond })],
    ['stateless', functions, (stateless) => hocuspocus({ stateless })],
    ['path', texts, paths((path) => yWebsocket({ path }))],
    ['path', texts, paths((path) => hocuspocus({ path }))],
  ])('CLI-10: %s', (field, taken, use) => {
    expect(takenOddValues(field, (odd) => use(odd as never))).toEqual(taken);
  });
});

describe('identity: whatever an option is, it is taken or refused by its name', () => {
  const secret = 'x'.repeat(32);
  const make = (options: object) => jwt({ issuer: 'a', audience: 'b', secret, ...options } as JwtOptions);
  const of = (keys: object) => jwt({ issuer: 'a', audience: 'b', ...keys } as JwtOptions);
  it.each<Slot>([
    ['issuer', ['false', ...texts, 'half of a surrogate pair'], (issuer) => make({ issuer })],
    ['audience', ['false', ...texts, 'half of a surrogate pair'], (audience) => make({ audience })],
    ['secret', ['a long text'], (odd) => of({ secret: odd })],
    ['keys', [], (keys) => of({ keys })],
    ['jwksUrl', [], (jwksUrl) => of({ jwksUrl })],
    ['algorithms', [], (algorithms) => make({ algorithms })],
    ['type', [...texts, 'half of a surrogate pair'], (type) => make({ type })],
    ['clockTolerance', ['0', '-0', ...durations], (clockTolerance) => make({ clockTolerance })],
    ['requireExpiry', ['false', 'true'], (requireExpiry) => make({ requireExpiry })],
    ['user', [...texts, 'half of a surrogate pair', ...functions], (user) => make({ user })],
    ['claims', functions, (claims) => make({ claims })],
    ['logger', [], (logger) => make({ logger })],
    ['name', ['a text', 'a number as text', 'a duration as text'], (name) => cookie(name, () => undefined)],
    ['lookup', functions, (lookup) => cookie('sid', lookup)],
    ['logger', [], (logger) => cookie('sid', () => undefined, { logger })],
    ['authenticators', functions, (odd) => anyOf(() => ({}), odd)],
  ])('CLI-10: %s', (field, taken, use) => {
    const inOrder = oddValues().map(({ name }) => name);
    const found = takenOddValues(field, (odd) => use(odd as never));
    expect(found).toEqual(inOrder.filter((name) => taken.includes(name)));
  });

  it('CLI-10: so are the options as a whole, and those that are required', () => {
    expect(takenOddValues('jwt', (odd) => jwt(odd as never))).toEqual([]);
    expect(() => jwt({ audience: 'b', secret } as never)).toThrow('jwt: issuer is undefined');
    expect(() => jwt({ issuer: 'a', secret } as never)).toThrow('jwt: audience is undefined');
    expect(() => jwt({ issuer: 'a', audience: 'b', secret, jwksurl: 'x' } as never)).toThrow("Is it 'jwksUrl'?");
  });
});
