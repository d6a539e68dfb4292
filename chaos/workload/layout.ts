/** How much of everything there is. */
export interface Size {
  readonly hot: number;
  readonly slow: number;
  readonly quiet: number;
  readonly guarded: number;
  readonly inboxes: number;
  readonly boards: number;
  readonly scores: number;
  readonly lobbies: number;
}

export const usualSize: Size = {
  hot: 24,
  slow: 30,
  quiet: 4,
  guarded: 6,
  inboxes: 16,
  boards: 3,
  scores: 3,
  lobbies: 2,
};

export const smallSize: Size = {
  hot: 4,
  slow: 4,
  quiet: 2,
  guarded: 2,
  inboxes: 3,
  boards: 1,
  scores: 1,
  lobbies: 1,
};

function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}/${prefix[0]}${i}`);
}

/** Publishers that there can be at most: a stream is numbered by its publisher and its channel. */
const publisherLimit = 1000;

/** The names of all channels, and the numbers of the streams that publish to them. */
export class Layout {
  readonly hot: readonly string[];
  readonly slow: readonly string[];
  readonly quiet: readonly string[];
  readonly guarded: readonly string[];
  /** Users that are told something. Their inbox is kept as `inbox/` and the user. */
  readonly users: readonly string[];
  readonly boards: readonly string[];
  readonly scores: readonly string[];
  readonly lobbies: readonly string[];
  /** Every log, inboxes too. */
  readonly logs: readonly string[];
  readonly #index: ReadonlyMap<string, number>;

  constructor(size: Size) {
    const all = names('log', size.hot + size.slow);
    this.hot = all.slice(0, size.hot);
    this.slow = all.slice(size.hot);
    this.quiet = names('quiet', size.quiet);
    this.guarded = names('guarded', size.guarded);
    this.users = Array.from({ length: size.inboxes }, (_, i) => `user${i}`);
    this.boards = names('board', size.boards);
    this.scores = names('score', size.scores);
    this.lobbies = names('lobby', size.lobbies);
    this.logs = [...all, ...this.quiet, ...this.guarded, ...this.users.map(inboxOf)];
    this.#index = new Map(this.logs.map((channel, i) => [channel, i]));
  }

  streamOf(publisher: number, channel: string): number {
    return this.#index.get(channel)! * publisherLimit + publisher;
  }

  channelOf(stream: number): string | undefined {
    return this.logs[Math.floor(stream / publisherLimit)];
  }
}

function inboxOf(user: string): string {
  return `inbox/${user}`;
}

/** The user who may read a guarded channel, until the right is withdrawn. */
export function guestOf(channel: string): string {
  return `guest-${channel.slice(channel.indexOf('/') + 1)}`;
}
