import { LongwaveError, type Server } from 'longwave';
import type { GalleryChannels } from '../../shared/channels.js';
import { minuteWords } from '../../shared/scores/clock.js';
import type { CommentaryEntry } from '../../shared/scores/commentary.js';
import { isWhistle } from '../../shared/scores/limits.js';
import { foldCommentary, isCorrection } from '../../shared/scores/lines.js';
import type { Headline, Match, MatchClock, Recorded } from '../../shared/scores/match.js';
import { tallyOf } from '../../shared/scores/tally.js';
import type { Database, StoredMatch } from './database.js';
import { patchBetween } from './patch-between.js';

export interface RecordOptions {
  /** The operator who enters it. */
  readonly by?: string;
  /** The version that the operator saw: see `DeskEntry`. */
  readonly expect?: number | undefined;
  /** The same is recorded once. */
  readonly id?: string;
  /** The match's clock after it. */
  readonly clock?: MatchClock;
}

interface NewsroomOptions {
  readonly server: Pick<Server<GalleryChannels>, 'channel'>;
  readonly database: Database;
  readonly now: () => number;
}

/**
 * The one way by which anything gets into a match, for the director and for operators: the board with its compare-and-set,
 * the details, the commentary, the headlines and the database follow from one entry, one entry of a match after the other.
 */
export class Newsroom {
  readonly #options: NewsroomOptions;
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(options: NewsroomOptions) {
    this.#options = options;
  }

  /** Rejects with `conflict` when what was seen has changed since, and with `invalid-data` when there is no such match or line. */
  record(match: string, entry: CommentaryEntry, options: RecordOptions = {}): Promise<Recorded> {
    return this.#inOrder(match, () => this.#record(match, entry, options));
  }

  /**
   * Takes down what happened before anybody asked for the board: in the database and the commentary. The board and the details
   * are loaded from there.
   */
  recall(match: string, entry: CommentaryEntry, clock: MatchClock | undefined): Promise<void> {
    return this.#inOrder(match, async () => {
      const before = this.#find(match);
      await this.#write(before, withEntry(before, entry, { clock, time: this.#options.now() }), {});
    });
  }

  /** The clock is stopped or set going: nothing has happened in the match. */
  setClock(match: string, clock: MatchClock): Promise<void> {
    return this.#inOrder(match, async () => {
      const before = this.#find(match);
      const next = { ...before, match: { ...before.match, clock } };
      await this.#show(before, next);
      this.#options.database.save(next);
    });
  }

  tell(headline: Headline): Promise<unknown> {
    return this.#options.server.channel('news').publish(headline);
  }

  #inOrder<T>(match: string, action: () => Promise<T>): Promise<T> {
    const done = (this.#queues.get(match) ?? Promise.resolve()).then(action);
    const settled = done.catch(() => undefined);
    this.#queues.set(match, settled);
    void settled.then(() => {
      if (this.#queues.get(match) === settled) this.#queues.delete(match);
    });
    return done;
  }

  #find(id: string): StoredMatch {
    const match = this.#options.database.match(id);
    if (!match) throw new LongwaveError('invalid-data', `There is no match ${id} on the board.`);
    return match;
  }

  async #record(id: string, entry: CommentaryEntry, options: RecordOptions): Promise<Recorded> {
    const { database, now } = this.#options;
    const known = options.id === undefined ? undefined : database.recorded(id, options.id);
    if (known !== undefined) return { offset: known };
    const before = this.#find(id);
    if (isCorrection(entry)) requireLine(before, entry.of, options.expect);
    const { clock, by } = options;
    const next = withEntry(before, entry, { clock, time: now(), by });
    // First: two operators who saw the same board are told apart here, and nothing of the second is stored.
    await this.#show(before, next, isCorrection(entry) ? undefined : options.expect);
    const offset = await this.#write(before, next, options);
    const headline = headlineOf(before, next, entry);
    if (headline) await this.tell({ ...headline, match: id });
    return { offset };
  }

  /** On the board and in the details, as patches of what they show. */
  async #show(before: StoredMatch, next: StoredMatch, expect?: number): Promise<void> {
    const { server, database } = this.#options;
    const onBoard = patchBetween(before.match, next.match);
    if (onBoard) {
      const options = { at: database.advance(), ...(expect !== undefined && { expect }) };
      await server.channel('scores').patch(next.id, onBoard, options);
    }
    const inStats = patchBetween(before.details.stats, next.details.stats);
    if (inStats) await server.channel(`match/${next.id}`).patch({ stats: inStats }, { at: database.advance() });
  }

  async #write(before: StoredMatch, next: StoredMatch, { id, by }: RecordOptions): Promise<number> {
    const { server, database } = this.#options;
    const logged = next.log.at(-1)!;
    const { position } = await server
      .channel(`commentary/${next.id}`)
      .publish(logged.entry, { ...(by !== undefined && { user: by }), ...(id !== undefined && { id }) });
    const { offset } = position;
    database.save({ ...next, log: [...before.log, { ...logged, offset }] });
    if (id !== undefined) database.rememberRecorded(next.id, id, offset);
    return offset;
  }
}

/** The match with one entry more: all that can be counted is counted anew. */
function withEntry(
  before: StoredMatch,
  entry: CommentaryEntry,
  { time, by, clock = before.match.clock }: { time: number; by?: string | undefined; clock?: MatchClock | undefined },
): StoredMatch {
  const offset = (before.log.at(-1)?.offset ?? 0) + 1;
  const log = [...before.log, { offset, time, by, entry }];
  const { status, score, cards, stats } = tallyOf(foldCommentary(log));
  return {
    ...before,
    log,
    match: { ...before.match, status, score, cards, clock },
    details: { ...before.details, stats },
  };
}

/** Throws unless the line is there, can be corrected and is as the operator saw it. */
function requireLine({ log }: StoredMatch, of: number, expect: number | undefined): void {
  const line = foldCommentary(log).find(({ offset }) => offset === of);
  if (!line) throw new LongwaveError('invalid-data', `There is no line ${of} to correct.`);
  if (isWhistle(line.happening.kind)) throw new LongwaveError('invalid-data', 'The director keeps the time.');
  if (line.withdrawn)
    throw new LongwaveError('conflict', `Line ${of} was withdrawn by ${line.withdrawn.by ?? 'the director'}.`);
  if (expect !== undefined && expect !== line.revision) {
    throw new LongwaveError('conflict', `Line ${of} was changed by ${line.earlier.at(-1)?.by ?? 'the director'}.`);
  }
}

function headlineOf(before: StoredMatch, next: StoredMatch, entry: CommentaryEntry): Headline | undefined {
  const standing = scoreLine(next.match);
  if (entry.kind === 'goal' || entry.kind === 'red-card') {
    const what = entry.kind === 'goal' ? 'scores' : 'is sent off';
    const text = `${minuteWords(entry.minute, entry.added)} ${entry.player} ${what}: ${standing}`;
    return { tag: entry.kind === 'goal' ? 'goal' : 'red card', text };
  }
  if (entry.kind === 'full-time') return { tag: 'result', text: `Full time: ${standing}` };
  const isScoreNew = patchBetween(before.match.score, next.match.score) !== undefined;
  return isScoreNew ? { tag: 'correction', text: `A goal does not count. It is ${standing}` } : undefined;
}

function scoreLine({ home, away, score }: Match): string {
  return `${home.name} ${score.home}–${score.away} ${away.name}`;
}
