import { setTimeout as pause } from 'node:timers/promises';
import { LongwaveError } from 'longwave/client';
import type { Recorder } from './recorder.js';
import type { World } from './world.js';

type Step = readonly [title: string, run: (world: World, notes: Notes) => Promise<unknown>];

/** What steps leave for later ones. */
interface Notes {
  readonly recorders: Map<string, Recorder>;
}

const hall = 'room/hall';
const den = 'room/den';

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

async function only(wanted: boolean, work: () => Promise<void>): Promise<void> {
  if (wanted) await work();
}

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'nothing';
  } catch (error) {
    return error instanceof LongwaveError ? error.code : String(error);
  }
}

/** A day in the life of two users and a third, with all that goes wrong in it. */
export const script: readonly Step[] = [
  ['alice connects', (world) => world.connected(world.alice)],
  ['bob connects', (world) => world.connected(world.bob)],
  ['alice subscribes', (world) => world.subscribe(world.alice, hall).subscription.ready],
  ['bob subscribes', (world) => world.subscribe(world.bob, hall).subscription.ready],
  ['alice publishes', (world) => world.publish(world.alice, hall)],
  ['bob publishes', (world) => world.publish(world.bob, hall)],
  ['both have both', (world) => world.settled()],
  ['bob publishes three at once', (world) => world.publish(world.bob, hall, 3)],
  [
    'alice calls',
    async ({ alice }) => {
      const answer = await alice.call('echo', { a: [1, 'é😀'] });
      expect(JSON.stringify(answer) === '{"a":[1,"é😀"]}', 'The answer is another.');
    },
  ],
  [
    'bob calls with much to say',
    async ({ bob }) => {
      const much = 'x'.repeat(20_000);
      expect((await bob.call('echo', much)) === much, 'The answer is another.');
    },
  ],
  [
    'what nobody handles is refused',
    async ({ alice }) => expect((await refusal(alice.call('nothing'))) === 'unknown-method', 'It was not.'),
  ],
  [
    'what the handler refuses is refused',
    async ({ bob }) => expect((await refusal(bob.call('refuse'))) === 'forbidden', 'It was not.'),
  ],
  [
    'alice reads the history',
    async ({ alice }) => expect((await alice.channel(hall).history()).messages.length === 5, 'It is not all there.'),
  ],
  [
    'bob reads a page of it',
    async ({ bob }) => {
      const { messages } = await bob.channel(hall).history({ after: 1, limit: 2 });
      expect(messages.map(({ meta }) => meta.offset).join() === '2,3', 'It is another page.');
    },
  ],
  [
    'alice subscribes to a second room',
    (world, { recorders }) => {
      const recorder = world.subscribe(world.alice, den);
      recorders.set('den', recorder);
      return recorder.subscription.ready;
    },
  ],
  ['bob publishes there, unsubscribed', (world) => world.publish(world.bob, den, 2)],
  ['alice has it', (world) => world.settled()],
  ['alice unsubscribes', async (_, { recorders }) => recorders.get('den')!.subscription.unsubscribe()],
  ['bob publishes there again', (world) => world.publish(world.bob, den, 3)],
  [
    'alice has nothing of it',
    async (_, { recorders }) => expect(recorders.get('den')!.received.length === 2, 'She has.'),
  ],
  ['alice subscribes from the last two', (world) => world.subscribe(world.alice, den, { last: 2 }).reaches(5)],
  [
    'the server tells bob something',
    async (world, { recorders }) => {
      const inbox = world.subscribe(world.bob, '@me');
      recorders.set('inbox', inbox);
      await inbox.subscription.ready;
      await world.cluster.tell('bob', 'hello');
      await inbox.reaches(1);
    },
  ],
  [
    'alice tells bob something',
    async ({ alice }, { recorders }) => {
      await alice.call('tell', { to: 'bob', text: 'psst' });
      await recorders.get('inbox')!.reaches(2);
      expect(recorders.get('inbox')!.received[1]!.text === 'alice: psst', 'It is something else.');
    },
  ],
  ['alice has a lot to say', (world) => world.publish(world.alice, hall, 150)],
  ['both have', (world) => Promise.all([world.publish(world.alice, hall, 100), world.publish(world.bob, hall, 100)])],
  ['a large message', (world) => world.publish(world.alice, hall, 1, 'y'.repeat(50_000))],
  ['one in all alphabets', (world) => world.publish(world.bob, hall, 1, 'Grüße, Ω, 你好, مرحبا, 👩‍👩‍👧'.repeat(50))],
  [
    'one and the same, twice',
    async (world) => {
      const say = () => world.alice.channel(den).publish({ text: 'once' }, { id: 'the one' });
      const [first, second] = [await world.publishOnce(den, 'once', say), await say()];
      expect(!first.duplicate && second.duplicate, 'It was stored twice.');
    },
  ],
  [
    'a channel that is nobody’s is refused',
    async ({ bob }) => expect((await refusal(bob.channel('secret').publish(1))) === 'forbidden', 'It was not.'),
  ],
  ['all have everything so far', (world) => world.settled()],
  [
    'bob reconnects while alice publishes',
    (world) => {
      world.bob.reconnect();
      return world.publish(world.alice, hall, 20);
    },
  ],
  [
    'alice reconnects while both publish',
    (world) => {
      const sent = [world.publish(world.alice, hall, 20), world.publish(world.bob, hall, 20)];
      world.alice.reconnect();
      return Promise.all(sent);
    },
  ],
  ['nobody says anything for a while', ({ approach }) => pause(approach.idleMs)],
  ['and then both do', (world) => Promise.all([world.publish(world.alice, hall), world.publish(world.bob, hall)])],
  ['all have it', (world) => world.settled()],
  ['one node drains away', ({ cluster, approach }) => only(approach.nodesGo, () => cluster.takeAway(0, 100))],
  [
    'the other does its work',
    (world) => Promise.all([world.publish(world.alice, hall, 5), world.publish(world.bob, hall, 5)]),
  ],
  ['it comes back', ({ cluster, approach }) => only(approach.nodesGo, () => cluster.bringBack(0))],
  [
    'the other goes while all talk',
    (world) =>
      Promise.all([
        only(world.approach.nodesGo, () => world.cluster.takeAway(1, 0)),
        world.publish(world.alice, hall, 10),
        world.publish(world.bob, hall, 10),
      ]),
  ],
  ['it comes back as well', ({ cluster, approach }) => only(approach.nodesGo, () => cluster.bringBack(1))],
  [
    'carol comes and reads all there is',
    async (world) => {
      const carol = world.open('carol');
      await world.subscribe(carol, hall, { last: world.approach.catchUp }).subscription.ready;
      await world.publish(carol, hall, 2);
    },
  ],
  ['all have everything', (world) => world.settled()],
];

/** Runs it to its end, or says at which step and of what it failed. */
export async function play(world: World): Promise<void> {
  const notes: Notes = { recorders: new Map() };
  for (const [i, [title, run]] of script.entries()) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('It did not come to its end.')), 20_000 + world.approach.idleMs);
    });
    try {
      await Promise.race([run(world, notes), late]);
    } catch (error) {
      const told = world.diagnostics.slice(-12).join('\n  ');
      throw new Error(`step ${i + 1}, ${title}: ${(error as Error).message}\n  ${told}`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }
}
