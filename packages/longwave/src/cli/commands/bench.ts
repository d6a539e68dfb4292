import { randomUUID } from 'node:crypto';
import { type RecordableHistogram, createHistogram, performance } from 'node:perf_hooks';
import process from 'node:process';
import type { Command } from 'commander';
import type { Client } from '../../client.js';
import { type ClientFlags, addClientOptions, openClient, secondsOption, wholeNumber } from '../client-options.js';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.js';
import { aborted, watchInterrupts } from '../interrupt.js';

interface BenchFlags extends ClientFlags {
  readonly channel?: string;
  readonly subscribers: number;
  readonly rate: number;
  readonly duration: number;
  readonly bytes: number;
  readonly json?: boolean;
}

interface Report {
  readonly subscribers: number;
  readonly published: number;
  readonly rejected: number;
  readonly delivered: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly deliveriesPerSecond: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number } | undefined;
}

/** Milliseconds between two publishes' ticks. */
const tickMs = 5;
/** Messages a second on one connection: a server reads 1,000 frames of each by default. */
const perPublisher = 500;
/** Milliseconds that stragglers get at the end. */
const settleMs = 5000;

export function addBench(program: Command, done: (code: Promise<ExitCode>) => void): void {
  const command = program.command('bench').argument('[url]', 'the server (default: --url)');
  addClientOptions(command)
    .summary('check what a running server delivers under load')
    .description(
      'Subscribes, publishes at a steady rate and checks every delivery. One process does it all, so that publisher and ' +
        'subscribers share a clock: on a small machine it is this process that is measured first.',
    )
    .option('--channel <name>', 'the channel to use (default: bench/RANDOM)')
    .option('-n, --subscribers <n>', 'connections that subscribe', wholeNumber(1, 10_000), 100)
    .option('-r, --rate <n>', 'messages a second', wholeNumber(1, 100_000), 100)
    .addOption(secondsOption('-d, --duration <seconds>', 'how long to publish', 10))
    .option('--bytes <n>', 'size of a message, about', wholeNumber(32, 60_000), 78)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExits with 1 when a message was lost, came twice or was refused.\n')
    .action((url: string | undefined, flags: BenchFlags) =>
      done(bench({ ...flags, ...(url !== undefined && { url }) })),
    );
}

async function bench(flags: BenchFlags): Promise<ExitCode> {
  const channelName = flags.channel ?? `bench/${randomUUID()}`;
  const interrupts = watchInterrupts();
  const clients: Client[] = [];
  const open = (outbox?: number): Client => {
    const client = openClient(flags, outbox);
    clients.push(client);
    return client;
  };
  try {
    const tally = new Tally(flags.subscribers);
    const ready = Array.from(
      { length: flags.subscribers },
      (_, index) =>
        open()
          .channel(channelName)
          .subscribe((data) => tally.take(index, data as Probe)).ready,
    );
    await Promise.race([
      Promise.all(ready),
      failAfter(30_000, `No subscription on ${flags.url} within 30 s.`),
      aborted(interrupts.signal),
    ]);
    const startedAt = performance.now();
    const publishers = Array.from({ length: Math.ceil(flags.rate / perPublisher) }, () => open(10_000));
    const published = await publish(publishers, channelName, flags, interrupts.signal);
    const expected = published.stored * flags.subscribers;
    await Promise.race([tally.reaches(expected), after(settleMs)]);
    const tookMs = performance.now() - startedAt;
    const report: Report = {
      subscribers: flags.subscribers,
      published: published.stored,
      rejected: published.rejected,
      delivered: tally.delivered,
      lost: Math.max(0, expected - tally.delivered),
      duplicated: tally.duplicated,
      deliveriesPerSecond: Math.round((tally.delivered / tookMs) * 1000),
      latencyMs: tally.latency(),
    };
    process.stdout.write(`${flags.json ? JSON.stringify(report) : formatReport(report)}\n`);
    const failed = report.lost + report.duplicated + report.rejected > 0 || report.published === 0;
    return failed ? exitCodes.failed : exitCodes.done;
  } finally {
    for (const client of clients) client.close();
    interrupts.dispose();
  }
}

interface Probe {
  readonly seq: number;
  readonly at: number;
  readonly pad: string;
}

/** Publishes so many a second, whatever the server makes of it; resolves when all are answered. */
async function publish(
  clients: readonly Client[],
  channelName: string,
  { rate, duration, bytes }: BenchFlags,
  signal: AbortSignal,
): Promise<{ readonly stored: number; readonly rejected: number }> {
  const channels = clients.map((client) => client.channel(channelName));
  const pad = 'x'.repeat(Math.max(0, bytes - 40));
  const total = Math.round((rate * duration) / 1000);
  let stored = 0;
  let rejected = 0;
  const answers: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let seq = 0; seq < total && !signal.aborted;) {
    const due = Math.min(total, Math.ceil(((performance.now() - startedAt) * rate) / 1000));
    for (; seq < due; seq++) {
      const data: Probe = { seq, at: performance.now(), pad };
      answers.push(
        channels[seq % channels.length]!.publish(data, { timeout: 30_000 }).then(
          () => void stored++,
          () => void rejected++,
        ),
      );
    }
    await after(tickMs);
  }
  await Promise.all(answers);
  return { stored, rejected };
}

/** Compares the messages that came in with those that were sent. */
class Tally {
  delivered = 0;
  duplicated = 0;
  readonly #seen: Set<number>[];
  readonly #micros: RecordableHistogram = createHistogram();
  #awaited = Infinity;
  #reached: () => void = () => undefined;

  constructor(subscribers: number) {
    this.#seen = Array.from({ length: subscribers }, () => new Set());
  }

  take(subscriber: number, { seq, at }: Probe): void {
    const seen = this.#seen[subscriber]!;
    if (seen.has(seq)) {
      this.duplicated++;
      return;
    }
    seen.add(seq);
    this.#micros.record(Math.max(1, Math.round((performance.now() - at) * 1000)));
    if (++this.delivered >= this.#awaited) this.#reached();
  }

  reaches(count: number): Promise<void> {
    if (this.delivered >= count) return Promise.resolve();
    this.#awaited = count;
    return new Promise((resolve) => (this.#reached = resolve));
  }

  latency(): Report['latencyMs'] {
    if (this.delivered === 0) return undefined;
    const ms = (micros: number): number => Math.round(micros / 10) / 100;
    const { max } = this.#micros;
    return { p50: ms(this.#micros.percentile(50)), p99: ms(this.#micros.percentile(99)), max: ms(max) };
  }
}

function formatReport({ latencyMs, ...report }: Report): string {
  const rows: [string, string | number][] = [
    ['subscribers', report.subscribers],
    ['published', report.published],
    ['rejected', report.rejected],
    ['delivered', report.delivered],
    ['lost', report.lost],
    ['duplicated', report.duplicated],
    ['deliveries/s', report.deliveriesPerSecond],
  ];
  if (latencyMs) {
    const { p50, p99, max } = latencyMs;
    rows.push(['latency', `p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`]);
  }
  return rows.map(([name, value]) => `${name.padEnd(14)}${value}`).join('\n');
}

/** Keeps no process alive: open connections do. */
function after(delayMs: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, delayMs).unref());
}

async function failAfter(delayMs: number, message: string): Promise<never> {
  await after(delayMs);
  throw new CommandError(message);
}
