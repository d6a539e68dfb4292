// node bench/hostile/turns.mjs [attack ...]: how long one hostile connection makes a turn of the server: all that is read from it before
// others have their turn, and the flush behind it. CPU time of the process, without sockets: it says the same on a busy machine.
import { Engine, MemoryStore } from '@longwave/core';
import { createServerCodec, defineChannels, log, map, utf8Encode } from '@longwave/protocol';

/** Rounds before anything is measured: half of a process's first second is the compiler's. */
const warmUp = 10;
const roundsOfAConnection = 10;

const channels = defineChannels({ ':name': log(), 'chat/:room': log(), fleet: map({ maxKeys: 100_000 }) });
const codec = createServerCodec('json');
const wire = { codec, pack: (message) => (typeof message === 'string' ? utf8Encode(message) : message) };
const many = (count, item) => Array.from({ length: count }, item);
let number = 0;
const publish = (channel, data) => ({ type: 'publish', id: ++number, seq: number, channel, data });
const message = (frames) => frames.map((frame) => JSON.stringify(frame)).join('\n');
/** Messages that are there at once, and how often. */
const attacks = {
  'ever new channels': { rounds: 60, messages: () => [message(many(250, () => publish(`chat/r${number}`, 0)))] },
  'too many frames': { rounds: 60, messages: () => [message(many(256, () => ({ type: 'ping' })))] },
  'large messages': { rounds: 60, messages: () => [message([publish(`r${number % 100}`, 'x'.repeat(60_000))])] },
  'many views': {
    rounds: 30,
    messages: () =>
      many(20, () => {
        const view = { where: { speed: { gt: ++number % 130 } }, rate: 1 + (number % 20) };
        return message([{ type: 'subscribe', id: number, channel: 'fleet', view }]);
      }),
  },
};

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const reactions = async () => {
  for (let i = 0; i < 60; i++) await Promise.resolve();
};

async function measure({ rounds, messages }) {
  let deferred = [];
  let ids = 0;
  let session;
  let paused = false;
  const clock = {
    now: () => Date.now(),
    setTimer: () => () => undefined,
    defer: (callback) => deferred.push(callback),
  };
  const makeId = () => `id${++ids}`;
  const logger = { error: (text, cause) => console.error(text, cause), info: () => undefined };
  const store = new MemoryStore({ clock, makeId });
  const engine = new Engine({ channels, store, clock, makeId, logger, digest: (text) => text, random: Math.random });
  for (let i = 0; i < 1000; i++) {
    await engine.change('fleet', { key: `v${i}`, data: { lon: i % 360, lat: i % 90, speed: i % 130 } });
  }
  const sink = {
    ...{ wire, write: () => true, close: () => undefined, cork: () => undefined, uncork: () => undefined },
    pause: () => (paused = true),
    resume: () => (paused = false),
  };
  /** Handles the messages that are read, and flushes. False: nothing is left to do but to wait. */
  const turn = async (input) => {
    while (input.length > 0 && !paused) session.receive(input.shift());
    const due = deferred;
    deferred = [];
    for (const callback of due) callback();
    await reactions();
    return due.length > 0 || !paused;
  };
  const dial = async () => {
    session?.closed();
    paused = false;
    session = engine.accept(sink, { transport: 'test', headers: {} });
    await turn([JSON.stringify({ type: 'connect', version: 1, client: `c${++ids}` })]);
  };
  const turns = [];
  for (let round = 0; round < warmUp + rounds; round++) {
    // One that is beyond its rate begins anew.
    if (paused || round % roundsOfAConnection === 0) await dial();
    const input = messages();
    for (let goesOn = true; goesOn && (input.length > 0 || deferred.length > 0);) {
      const from = cpuMs();
      goesOn = await turn(input);
      if (round >= warmUp) turns.push(cpuMs() - from);
    }
  }
  const sorted = turns.toSorted((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] * 100) / 100;
  return { turns: turns.length, p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

const only = process.argv.slice(2);
for (const name of only.length > 0 ? only : Object.keys(attacks)) {
  console.log(name, JSON.stringify(await measure(attacks[name])));
}
