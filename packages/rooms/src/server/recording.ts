import type { NumberedInput } from '../wire/up.js';

/** One thing that happened to a room, between two steps or as one. Times are milliseconds since the recording began. */
export type RecordedAct =
  | readonly ['step', count: number]
  /** The state was taken as a snapshot: it is what players see. */
  | readonly ['show']
  | readonly ['join', key: string, user: string | null, data: unknown]
  | readonly ['leave', key: string]
  | readonly ['inputs', key: string, inputs: readonly NumberedInput[], behind: number, now: number];

/** All that a room was told since it was made here: the same rules make the same of it. JSON. */
export interface Recording {
  readonly version: 1;
  readonly name: string;
  readonly pattern: string;
  readonly params: Readonly<Record<string, string>>;
  readonly options?: unknown;
  readonly seed: number;
  /** The room as it was kept, where it had begun on another node: JSON of its own. */
  readonly from?: string;
  readonly acts: readonly RecordedAct[];
  /** More happened than may be recorded: it ends before the room does. */
  readonly isCut: boolean;
}

/** About as many bytes as an act takes as JSON, besides what it carries. */
const actBytes = 32;

/** Writes down what happens to a room, up to a number of bytes. */
export class Recorder {
  readonly #acts: RecordedAct[] = [];
  readonly #head: Omit<Recording, 'acts' | 'isCut' | 'version'>;
  readonly #began: number;
  #left: number;

  constructor(head: Omit<Recording, 'acts' | 'isCut' | 'version'>, maxBytes: number, now: number) {
    this.#head = head;
    this.#left = maxBytes;
    this.#began = now;
  }

  get recording(): Recording {
    return { version: 1, ...this.#head, acts: [...this.#acts], isCut: this.#left <= 0 };
  }

  step(): void {
    const last = this.#acts.at(-1);
    if (this.#left <= 0) return;
    if (last?.[0] === 'step') this.#acts[this.#acts.length - 1] = ['step', last[1] + 1];
    else this.#add(['step', 1], 0);
  }

  show(): void {
    this.#add(['show'], 0);
  }

  join(key: string, user: string | undefined, data: unknown): void {
    this.#add(['join', key, user ?? null, data], JSON.stringify(data ?? null).length);
  }

  leave(key: string): void {
    this.#add(['leave', key], 0);
  }

  inputs(key: string, inputs: readonly NumberedInput[], behind: number, now: number): void {
    if (inputs.length > 0) this.#add(['inputs', key, inputs, behind, now - this.#began], inputs.length * 80);
  }

  #add(act: RecordedAct, bytes: number): void {
    if (this.#left <= 0) return;
    this.#left -= actBytes + bytes;
    this.#acts.push(act);
  }
}
