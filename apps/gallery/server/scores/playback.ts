import type { MatchClock } from '../../shared/scores/match.js';
import type { Scene } from './script.js';

/** Where a match stands in its script. Time is given to it, in minutes; before 0 it has not begun. */
export class Playback {
  readonly #scenes: readonly Scene[];
  readonly #minuteMs: number;
  #playhead: number;
  #next = 0;
  #period: { readonly begin: number; readonly firstMinute: number; readonly running: boolean } | undefined;

  constructor(scenes: readonly Scene[], { from, minuteMs }: { readonly from: number; readonly minuteMs: number }) {
    this.#scenes = scenes;
    this.#playhead = from;
    this.#minuteMs = minuteMs;
  }

  /** Minutes since the kick-off, halves and pauses included. */
  get playhead(): number {
    return this.#playhead;
  }

  get isOver(): boolean {
    return this.#next === this.#scenes.length;
  }

  /** Lets time pass, and takes the next scene that is due by then; call it until there is none. */
  next(minutes = 0): Scene | undefined {
    this.#playhead += minutes;
    const scene = this.#scenes[this.#next];
    if (!scene || scene.at > this.#playhead) return undefined;
    this.#next++;
    const { kind, minute, added } = scene.happening;
    if (kind === 'kick-off' || kind === 'second-half') {
      this.#period = { begin: scene.at, firstMinute: minute, running: true };
    } else if (kind === 'half-time' || kind === 'full-time') {
      this.#period = { begin: scene.at, firstMinute: minute + added, running: false };
    }
    return scene;
  }

  /** The clock for the board, `now` being the time of the playhead. It stands still while `isPaused`. */
  clock(now: number, { isPaused = false }: { readonly isPaused?: boolean } = {}): MatchClock {
    const minuteMs = this.#minuteMs;
    if (!this.#period) return { minute: 0, since: 0, running: false, minuteMs };
    const { begin, firstMinute, running } = this.#period;
    const passed = running ? this.#playhead - begin : 0;
    const minutes = Math.floor(passed);
    return {
      minute: firstMinute + minutes,
      since: Math.max(0, Math.round(now - (passed - minutes) * minuteMs)),
      running: running && !isPaused,
      minuteMs,
    };
  }
}
