import type { LoadedState, Server } from 'longwave';
import type { GalleryChannels } from '../../shared/channels.js';
import { Database } from './database.js';
import { fixturesOf } from './league.js';
import { Newsroom } from './newsroom.js';
import type { PlaceKeeper } from './place-keeper.js';
import { Playback } from './playback.js';
import { scriptMatch } from './script.js';

const tickMs = 500;
const keepMs = 1000;
/** Where the matches of a round stand when it opens, in minutes: negative ones begin later. */
const firstRound = [62, 38, 20, 5, -6, 1];
const laterRounds = [-2, -2, -5, -9, -14, -2];

export interface DirectorOptions {
  readonly server: Server<GalleryChannels>;
  /** The whole league follows from it. */
  readonly seed: number;
  readonly minuteMs: number;
  /** How long a round stays on the board when its last match is over. */
  readonly restMs: number;
  /** Where another process of this league was. */
  readonly place?: PlaceKeeper | undefined;
}

/** Lets the matches of one round after the other be played, in accelerated time and only while somebody watches the board. */
export class Director {
  readonly newsroom: Newsroom;
  readonly #options: DirectorOptions;
  readonly #database = new Database();
  readonly #playbacks = new Map<string, Playback>();
  #round = 0;
  #opening: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();
  #asking: { unsubscribe(): void } | undefined;
  #restUntil: number | undefined;
  #isWatched = false;
  #keptAt = 0;

  constructor(options: DirectorOptions) {
    this.#options = options;
    this.newsroom = new Newsroom({ server: options.server, database: this.#database, now: Date.now });
  }

  /** The board and the details are the database's: they are loaded from it when somebody asks first (STATE-6). */
  start(): void {
    const { server } = this.#options;
    // #region teach:scores-server
    server.own('scores', async () => {
      await this.#open();
      return {
        entries: this.#database.matches().map(({ id, match }) => [id, match] as const),
        at: this.#database.sequence,
      };
    });
    server.own('match/:id', async (_, { id = '' }): Promise<LoadedState> => {
      await this.#open();
      return { value: this.#database.match(id)?.details, at: this.#database.sequence };
    });
    this.#asking = server.channel('scores').demand(({ watchers }) => this.#setWatched(watchers > 0));
    // #endregion
  }

  stop(): void {
    this.#asking?.unsubscribe();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** The first round, with what happened in it before anybody came. */
  #open(): Promise<void> {
    this.#opening ??= (async () => {
      const before = this.#options.place?.read();
      if (before) this.#round = before.round - 1;
      this.#beginRound(before?.playheads ?? firstRound);
      for (const [id, playback] of this.#playbacks) {
        for (let scene = playback.next(); scene; scene = playback.next()) {
          await this.newsroom.recall(id, scene.happening, playback.clock(Date.now(), { isPaused: true }));
        }
      }
      await this.newsroom.tell({ tag: 'round', text: `Round ${this.#round} is being played.` });
    })();
    return this.#opening;
  }

  #beginRound(starts: readonly number[]): void {
    const { seed, minuteMs } = this.#options;
    this.#round++;
    for (const [index, fixture] of fixturesOf(this.#round, { seed, minuteMs }).entries()) {
      const { id, match, details } = fixture;
      this.#database.save({ ...fixture, log: [] });
      const scenes = scriptMatch({ seed: seed + this.#round * 100 + index, match, lineUps: details.lineUps });
      this.#playbacks.set(id, new Playback(scenes, { from: starts[index] ?? 0, minuteMs }));
    }
  }

  #setWatched(isWatched: boolean): void {
    if (isWatched === this.#isWatched) return;
    this.#isWatched = isWatched;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#do(async () => {
      await this.#open();
      for (const [id, playback] of this.#playbacks) {
        await this.newsroom.setClock(id, playback.clock(Date.now(), { isPaused: !isWatched }));
      }
    });
    if (!isWatched) return;
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      const minutes = (now - last) / this.#options.minuteMs;
      last = now;
      this.#do(() => this.#play(minutes));
    }, tickMs);
  }

  /**
   * One after the other. A failure means that the server closes, or that the store comes back soon: the next tick goes
   * on.
   */
  #do(action: () => Promise<void>): void {
    this.#work = this.#work.then(action).catch(() => undefined);
  }

  async #play(minutes: number): Promise<void> {
    for (const [id, playback] of this.#playbacks) {
      for (let scene = playback.next(minutes); scene; scene = playback.next()) {
        await this.newsroom.record(id, scene.happening, { clock: playback.clock(Date.now()) });
      }
    }
    this.#keepPlace();
    if ([...this.#playbacks.values()].some(({ isOver }) => !isOver)) return;
    this.#restUntil ??= Date.now() + this.#options.restMs;
    if (Date.now() >= this.#restUntil) await this.#nextRound();
  }

  #keepPlace(): void {
    const now = performance.now();
    if (!this.#options.place || now - this.#keptAt < keepMs) return;
    this.#keptAt = now;
    this.#options.place.write({
      round: this.#round,
      playheads: [...this.#playbacks.values()].map(({ playhead }) => playhead),
    });
  }

  async #nextRound(): Promise<void> {
    const { server } = this.#options;
    const board = server.channel('scores');
    const before = [...this.#playbacks.keys()];
    this.#restUntil = undefined;
    this.#playbacks.clear();
    for (const id of before) this.#database.remove(id);
    this.#beginRound(laterRounds);
    for (const id of before) {
      await board.delete(id, { at: this.#database.advance() });
      await server.channel(`match/${id}`).clear({ at: this.#database.advance() });
    }
    for (const { id, match } of this.#database.matches()) {
      await board.put(id, match, { at: this.#database.advance() });
    }
    await this.newsroom.tell({ tag: 'round', text: `Round ${this.#round} begins.` });
  }
}
