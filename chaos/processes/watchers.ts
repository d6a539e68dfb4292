// Thousands of clients in one process that only watch, and measure what they see of what happens to the nodes.
import process from 'node:process';
import { type Client, type MessageMeta, connect } from 'longwave/client';
import type { channels } from '../workload/contract.js';
import { type Watched, type WatchersCommand, type WatchersConfig, type WatchersReport, sharedNow } from './messages.js';

const config = JSON.parse(process.argv[2]!) as WatchersConfig;
const report = (message: WatchersReport): void => void process.send!(message);

class Watcher {
  readonly ready: Promise<unknown>;
  readonly #client: Client<typeof channels>;
  #epoch = '';
  #offset = 0;
  #lastAt = 0;
  #armedAt = Infinity;
  #gapMs = 0;
  #lost = false;
  /** The number that it must have to be up to date. */
  #due = Infinity;
  #resumedAt = -1;
  #missing = 0;
  #repeated = 0;
  #resets = 0;

  constructor(channel: string, user: string) {
    this.#client = connect<typeof channels>(config.url, { token: user, transport: 'websocket' });
    this.#client.onState(({ status }) => {
      if (status === 'connected' || this.#armedAt === Infinity || this.#lost) return;
      this.#lost = true;
      this.#due = Infinity;
    });
    this.ready = this.#client.channel(channel as 'log/x').subscribe(
      {
        onReset: () => void this.#resets++,
        onSubscribed: ({ position, recovering }) => {
          if (this.#epoch === '') [this.#epoch, this.#offset] = [position.epoch, position.offset];
          if (!this.#lost) return;
          this.#due = position.offset + recovering;
          this.#seeResumed();
        },
      },
      (_, meta) => this.#take(meta),
    ).ready;
  }

  arm(at: number): void {
    this.#armedAt = at;
    this.#gapMs = 0;
    this.#missing = this.#repeated = this.#resets = 0;
    this.#lost = false;
    this.#resumedAt = -1;
    this.#due = Infinity;
  }

  measure(): Watched {
    // One that has heard nothing to this moment has not seen the end of its gap.
    const gapMs = Math.max(this.#gapMs, sharedNow() - this.#lastAt);
    const resumedMs = this.#resumedAt < 0 ? -1 : this.#resumedAt - this.#armedAt;
    return {
      ...{ gapMs, missing: this.#missing, repeated: this.#repeated, resets: this.#resets },
      resumedMs: this.#lost ? resumedMs : undefined,
    };
  }

  #take({ offset }: MessageMeta): void {
    const now = sharedNow();
    if (now > this.#armedAt && this.#lastAt > 0) this.#gapMs = Math.max(this.#gapMs, now - this.#lastAt);
    this.#lastAt = now;
    if (offset > this.#offset + 1) this.#missing += offset - this.#offset - 1;
    if (offset <= this.#offset) this.#repeated++;
    this.#offset = offset;
    this.#seeResumed();
  }

  #seeResumed(): void {
    if (this.#lost && this.#resumedAt < 0 && this.#offset >= this.#due) this.#resumedAt = sharedNow();
  }
}

const watchers = Array.from(
  { length: config.clients },
  (_, i) => new Watcher(config.channels[i % config.channels.length]!, `watcher${config.index}-${i}`),
);
process.on('message', (command: WatchersCommand) => {
  if (command.type === 'arm') for (const watcher of watchers) watcher.arm(command.at);
  else report({ type: 'measured', watched: watchers.map((watcher) => watcher.measure()) });
});
process.on('disconnect', () => process.exit(0));
await Promise.all(watchers.map(({ ready }) => ready));
report({ type: 'ready' });
