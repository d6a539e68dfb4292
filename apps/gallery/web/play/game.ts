import type { PlayedRoom, RoomEvent, RoomFrame } from 'longwave/rooms';
import type { ArenaEvent, ArenaInputs, ArenaKinds, Ship } from '../../shared/arena/arena.js';
import { fireSteps, fullShield, rate } from '../../shared/arena/limits.js';
import { type Store, createStore } from '../lib/store.js';
import { aimAhead, beamEnd } from './aim.js';
import type { Controls } from './controls.js';
import { type NetFigures, NetMeter, type Traffic } from './net-meter.js';
import type { Painter } from './painter.js';
import { type Radar, radarOf } from './radar.js';
import { type Reaction, ReactionMeter } from './reaction.js';
import { Spoken } from './spoken.js';
import { type Row, ordinal, standingsOf } from './standings.js';

export type ArenaRoom = PlayedRoom<ArenaKinds, ArenaInputs, 'ship'>;
type ArenaFrame = RoomFrame<ArenaKinds, 'ship'>;

/** The figures and texts beside the stage, renewed a few times a second. */
export interface GameState {
  readonly rows: readonly Row[];
  readonly own: Row | undefined;
  /** Hits that the own ship still takes, 0 while it is out; undefined: one watches. */
  readonly shield: number | undefined;
  readonly canDash: boolean;
  readonly secondsLeft: number | undefined;
  /** The newest last. */
  readonly news: readonly { readonly id: number; readonly text: string }[];
  readonly spoken: string;
  readonly radar: Radar;
  readonly net: NetFigures | undefined;
  readonly reaction: Reaction | undefined;
}

interface GameOptions {
  readonly room: ArenaRoom;
  readonly painter: Painter;
  readonly controls: Controls;
  readonly traffic: () => Traffic;
}

const showEveryMs = 250;
const shownNews = 3;
const newsMs = 6000;
/** A step more than the server asks, since steps of a page are not those of a server to the millisecond. */
const fireMs = ((fireSteps + 1) * 1000) / rate;
/** The heavier one is told first to those who listen. */
const weights = { spark: 0, shot: 1, hit: 2, out: 3, round: 4 } as const;

const noState: GameState = {
  ...{ rows: [], own: undefined, shield: undefined, canDash: false, secondsLeft: undefined },
  radar: { place: undefined, ships: [], spark: undefined },
  ...{ news: [], spoken: '', net: undefined, reaction: undefined },
};

/** One room as it is played on this page: from what the player wants to the room, and from the room to what is seen and said. */
export class Game {
  readonly store: Store<GameState> = createStore(noState);
  readonly net = new NetMeter();
  readonly #options: GameOptions;
  readonly #reaction = new ReactionMeter();
  readonly #spoken = new Spoken();
  readonly #aim: { course: { dx: number; dy: number }; nextFireAt: number } = {
    course: { dx: 0, dy: 0 },
    nextFireAt: 0,
  };
  #news: { readonly id: number; readonly text: string; readonly at: number }[] = [];
  #shownAt = -Infinity;
  #lastNews = 0;
  #frame: ArenaFrame | undefined;

  constructor(options: GameOptions) {
    this.#options = options;
  }

  /** To be called for each frame of the screen. */
  readonly frame = (frame: ArenaFrame): void => {
    this.#frame = frame;
    const { room, painter, controls } = this.#options;
    const { entities, own, now, dt } = frame;
    const { player } = room;
    if (player !== undefined) this.#fly(frame, player);
    else controls.takeDash();
    const rows = standingsOf(entities.score);
    const leader = rows[0] && rows[0].points > 0 ? rows[0].id : undefined;
    const { camera, effects } = painter;
    const followed = own ?? entities.ship.get(leader ?? rows[0]?.id ?? 0);
    if (followed && followed.shield > 0) camera.follow(followed, dt, own !== undefined);
    for (const [id, ship] of entities.ship)
      if (ship.shield > 0) effects.trail(id, id === player ? (own ?? ship) : ship);
    effects.advance(dt, now, (id) => (entities.ship.get(id)?.shield ?? 0) > 0);
    const hidesOwnBeams = room.shows.prediction;
    painter.paint({ entities, own, player, leader, tick: room.serverTick, now, hidesOwnBeams });
    if (now - this.#shownAt >= showEveryMs) this.#show(rows, now);
  };

  /** Something that the room tells, and that is no state. */
  readonly hear = ({ name, data }: RoomEvent): void => {
    const event = { name, data } as ArenaEvent;
    const { player } = this.#options.room;
    switch (event.name) {
      case 'hit': {
        const { by, who, left } = event.data;
        this.#burst(who, 8);
        if (who === player && left > 0)
          this.#spoken.say(`${this.#nameOf(by)} has hit you: ${shieldWords(left)}.`, weights.hit);
        else if (by === player && left > 0) this.#spoken.say(`You have hit ${this.#nameOf(who)}.`, weights.shot);
        return;
      }
      case 'out': {
        const { by, who } = event.data;
        this.#burst(who, 36);
        if (who === player) this.#tell(`${this.#nameOf(by)} took you out. You are back in two seconds.`, weights.out);
        else if (by === player) this.#tell(`You took out ${this.#nameOf(who)}: 4 points.`, weights.out);
        else this.#tell(`${this.#nameOf(by)} took out ${this.#nameOf(who)}`);
        return;
      }
      case 'round':
        this.#tell(
          `${event.data.winner} wins the round with ${event.data.points} points. All begin anew.`,
          weights.round,
        );
    }
  };

  #fly({ entities, own, now }: ArenaFrame, player: number): void {
    const { room, controls } = this.#options;
    const { dx, dy, isFiring, aim } = controls.read(now);
    const { course } = this.#aim;
    if (dx !== course.dx || dy !== course.dy) {
      this.#aim.course = { dx, dy };
      room.hold('steer', ...(dx === 0 && dy === 0 ? [] : [{ dx, dy }]));
    }
    const told = entities.ship.get(player);
    if (own && told) this.#reaction.frame({ dx, dy }, own, told, now);
    const dashes = controls.takeDash();
    if (!own || own.shield === 0) return;
    if (dashes) room.input('dash', {});
    if (isFiring && now >= this.#aim.nextFireAt) this.#fire(own, player, aim, now);
  }

  #fire(own: Ship, player: number, aim: number | undefined, now: number): void {
    const { room, painter } = this.#options;
    const others = [...this.#frame!.entities.ship].filter(([id]) => id !== player).map(([, ship]) => ship);
    const angle = aim ?? aimAhead(own, others, room.serverTick);
    this.#aim.nextFireAt = now + fireMs;
    room.input('fire', { angle });
    // Seen at once, as the ship itself: whether it has hit is for the server to say.
    if (room.shows.prediction) painter.effects.flash(own, beamEnd(own, angle, others), painter.hueOf(player), now);
  }

  #burst(who: number, count: number): void {
    const ship = this.#frame?.entities.ship.get(who);
    const { painter } = this.#options;
    if (ship) painter.effects.burst(ship, painter.hueOf(who), count);
  }

  #nameOf(id: number): string {
    return this.#frame?.entities.score.get(id)?.name ?? 'Somebody';
  }

  /** Among the news; aloud as well, where it has a weight. */
  #tell(text: string, weight?: number): void {
    const now = this.#frame?.now ?? 0;
    this.#news = [...this.#news, { id: ++this.#lastNews, text, at: now }].slice(-shownNews);
    if (weight !== undefined) this.#spoken.say(text, weight);
  }

  #show(rows: readonly Row[], now: number): void {
    this.#shownAt = now;
    const { room, traffic } = this.#options;
    const { entities, own: ship } = this.#frame!;
    const tick = room.serverTick;
    const own = rows.find(({ id }) => id === room.player);
    const before = this.store.get().own;
    if (own && before && own.points > before.points) {
      this.#spoken.say(`${own.points} points, ${ordinal(own.place)} of ${rows.length}.`, weights.spark);
    }
    this.#spoken.advance(now);
    const round = [...entities.round.values()][0];
    this.#news = this.#news.filter(({ at }) => now - at < newsMs);
    this.store.set({
      ...{ rows, own, news: this.#news, spoken: this.#spoken.text, reaction: this.#reaction.last },
      radar: radarOf(entities, ship, room.player),
      shield: room.player === undefined ? undefined : (ship?.shield ?? 0),
      canDash: ship !== undefined && ship.shield > 0 && tick >= ship.dashFrom,
      secondsLeft: round && Math.max(0, Math.ceil((round.until - tick) / rate)),
      net: this.net.note(room.stats, traffic(), Math.floor(tick), now),
    });
  }
}

function shieldWords(left: number): string {
  return left === fullShield ? 'the shield is whole' : left === 1 ? 'one hit is left' : `${left} hits are left`;
}
