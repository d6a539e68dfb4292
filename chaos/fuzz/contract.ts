import { type DocumentFormat } from '@longwave/core';
import { LongwaveError, defineCalls, defineChannels, doc, log, map, value } from '@longwave/protocol';
import { type RoomLogic, type Entities, flag, real, room, text, whole } from '@longwave/rooms';
import { serveRooms, type Rooms } from '@longwave/rooms/server';
import { yjs } from '@longwave/yjs/server';

const place = { x: real(0, 2000, 0.1), y: real(0, 2000, 0.1) };
const kinds = {
  entities: { player: { ...place, name: text(20) }, shot: place },
  inputs: {
    move: { dx: real(-1, 1, 0.01), dy: real(-1, 1, 0.01) },
    say: { isLoud: flag(), what: text(10) },
    shoot: { at: whole(-100, 100) },
  },
};
const rates = { tick: 20, send: 10, maxPlayers: 10, maxEntities: 100, grace: '1s' } as const;

export const channels = defineChannels({
  honest: log({ retain: { maxCount: 10 } }),
  log: log({ retain: { maxCount: 50 }, redactable: true }),
  'chat/:room': log({ retain: { maxCount: 20 }, presence: { grace: '1s' } }),
  map: map({ maxKeys: 60, maxBytes: 60_000, removals: 5, demand: true }),
  deep: map({ maxKeys: 10, maxBytes: 20_000 }),
  score: value({ maxBytes: 5_000 }),
  'doc/:id': doc({ maxBytes: 100_000 }),
  // In one each sees what is near, in the other all see the same.
  'arena/:id': room({ ...kinds, ...rates, nearby: { radius: 300 }, maxBytes: 512 }),
  'hall/:id': room({ ...kinds, ...rates }),
  '@me': log({ retain: { maxCount: 5 }, redactable: true }),
});

/** Documents that are written to and watched. */
export const documentNames = ['doc/a', 'doc/b'];

export const calls = defineCalls({
  echo: { input: undefined, handle: (input) => input },
  fail: {
    input: undefined,
    handle: () => {
      throw new LongwaveError('forbidden', 'No.');
    },
  },
});

type Definition = (typeof channels)['arena/:id'];
type State = Entities<Definition['entities']>;

const most = 40;
const within = (at: number): number => Math.max(0, Math.min(2000, at));

/** Rooms whose players move, speak and shoot. `onInput` is called for each input that counts. */
export function createRooms(onInput: () => void): Rooms {
  const rules: RoomLogic<Definition['entities'], Definition['inputs'], State> = {
    create: () => ({ player: new Map(), shot: new Map() }),
    join: (state, { id, user = '' }) => void state.player.set(id, { x: 1000, y: 1000, name: user }),
    leave: (state, { id }) => void state.player.delete(id),
    step: (state, inputs, dt, { tick, emit }) => {
      for (const [id, made] of inputs) {
        const player = state.player.get(id);
        for (const input of player ? made : []) {
          onInput();
          if (input.kind === 'move') {
            player!.x = within(player!.x + input.dx * 200 * dt);
            player!.y = within(player!.y + input.dy * 200 * dt);
          } else if (input.kind === 'say') player!.name = input.what;
          else {
            state.shot.set(tick * most + (state.shot.size % most), { x: player!.x, y: player!.y });
            if (state.shot.size > most) state.shot.delete(state.shot.keys().next().value!);
            emit('shot', { by: id, at: input.at });
          }
        }
      }
    },
  };
  return serveRooms(channels, { 'arena/:id': rules, 'hall/:id': rules });
}

/** The documents of a server, of which the work under way can be waited for: a seed gives the same run though threads do it. */
export class FuzzDocuments implements DocumentFormat {
  readonly #format = yjs({ versions: { idle: '20s', updates: 300, keep: 5, maxBytes: 500_000 } });
  readonly #underWay = new Set<Promise<Uint8Array>>();
  readonly versions = this.#format.versions!;
  readonly versionBounds = this.#format.versionBounds!;
  compactions = 0;

  check(payload: Uint8Array): void {
    this.#format.check(payload);
  }

  async compact(updates: Parameters<DocumentFormat['compact']>[0]): Promise<Uint8Array> {
    const work = Promise.resolve(this.#format.compact(updates));
    this.#underWay.add(work);
    try {
      const compacted = await work;
      this.compactions++;
      return compacted;
    } finally {
      this.#underWay.delete(work);
    }
  }

  async settled(): Promise<void> {
    while (this.#underWay.size > 0) {
      await Promise.allSettled(this.#underWay);
      // Its callers go on before the next look.
      await Promise.resolve();
    }
  }

  close(): void {
    void this.#format.close?.();
  }
}
