// People who write documents at once: each has a copy, and goes on writing whatever becomes of the nodes.
import process from 'node:process';
import { connect } from 'longwave/client';
import { bind } from 'longwave/yjs';
import { Random } from '@longwave/testkit/virtual';
import * as Y from 'yjs';
import { pause } from '../cluster/pause.js';
import type { channels } from '../workload/contract.js';
import type { Replica, WritersCommand, WritersConfig, WritersReport } from './messages.js';

const config = JSON.parse(process.argv[2]!) as WritersConfig;
const report = (message: WritersReport): void => void process.send!(message);
/** So long after the last fault everything must be stored. */
const patienceMs = 30_000;

class Writer {
  readonly #name: string;
  readonly #document: string;
  readonly #random: Random;
  readonly #doc = new Y.Doc();
  readonly #binding;
  #written = 0;
  #acked = 0;

  constructor(name: string, document: string, transport: 'websocket' | 'stream' | 'poll') {
    this.#name = name;
    this.#document = document;
    this.#random = new Random(config.seed).stream(name);
    const client = connect<typeof channels>(config.url, {
      token: name,
      transport,
      reconnect: { minDelay: 50, maxDelay: 1000 },
      connectTimeout: 4000,
    });
    this.#binding = bind(client.channel(document as 'doc/a'), this.#doc);
    this.#binding.on('status', ({ unsaved }) => {
      if (unsaved === 0) this.#acked = this.#written;
    });
  }

  get synced(): Promise<unknown> {
    return this.#binding.synced;
  }

  /** A word of its own somewhere; now and then many at once, as a paste; now and then what somebody wrote goes bold. */
  write(): void {
    const random = this.#random;
    const text = this.#doc.getText('text');
    if (random.chance(0.1) && text.length > 20) {
      text.format(random.below(text.length - 10), random.below(10), { bold: random.chance(0.5) ? true : null });
      return;
    }
    const count = random.chance(0.001) ? 2000 : 1;
    const words = Array.from({ length: count }, () => ` ${this.#name}.${++this.#written};`);
    text.insert(this.#between(text), words.join(''));
  }

  /** Between two words, so that none is torn: mostly at an end, for to look elsewhere costs more the longer the text is. */
  #between(text: Y.Text): number {
    const place = this.#random.next();
    if (place < 0.5) return text.length;
    if (place < 0.8) return 0;
    const at = text.toJSON().indexOf(';', this.#random.below(text.length + 1));
    return at < 0 ? text.length : at + 1;
  }

  async settle(): Promise<void> {
    const until = performance.now() + patienceMs;
    while (this.#problem !== undefined && performance.now() < until) await pause(50);
  }

  get replica(): Replica {
    return {
      ...{ writer: this.#name, document: this.#document, text: this.#doc.getText('text').toJSON() },
      ...{ acked: this.#acked, written: this.#written, problem: this.#problem },
    };
  }

  get #problem(): string | undefined {
    const { state, synced, unsaved, error } = this.#binding.status;
    if (state === 'live' && synced && unsaved === 0) return undefined;
    return `${state}, ${synced ? '' : 'not '}synced, ${unsaved} not stored${error ? `, ${error.code}` : ''}`;
  }
}

const transports = ['websocket', 'websocket', 'stream', 'poll'] as const;
const writers = config.documents.flatMap((document, d) =>
  Array.from(
    { length: config.writers },
    (_, w) =>
      new Writer(`w${config.index}-${d}-${w}`, document, transports[(config.index + d + w) % transports.length]!),
  ),
);
const typing = writers.map((writer) => setInterval(() => writer.write(), config.everyMs));

async function stop(): Promise<void> {
  for (const timer of typing) clearInterval(timer);
  await Promise.all(writers.map((writer) => writer.settle()));
  // The others' last words may be on their way still.
  await pause(1000);
  report({ type: 'stopped', replicas: writers.map(({ replica }) => replica) });
}

process.on('message', (command: WritersCommand) => {
  if (command.type === 'stop') void stop();
});
process.on('disconnect', () => process.exit(0));
await Promise.all(writers.map(({ synced }) => synced));
report({ type: 'ready' });
