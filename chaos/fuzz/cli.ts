#!/usr/bin/env node
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { type FuzzResult, fuzz } from './fuzz.js';

const usage = `npm run fuzz -- [options]

Gives servers everything that a peer can send, and checks that nothing of it ends a node, disturbs others or stays in memory.

  --inputs N    how many messages (default 1000000)
  --seed S      the same seed and workers give the same messages (default: another each time)
  --workers N   processors to use, each with a server of its own (default: all)
  --stacks      failures with their stacks, at a third of the speed
`;

/** The work of one worker. */
interface Share {
  readonly seed: number;
  readonly inputs: number;
  readonly stacks: boolean;
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new RangeError(`--${name} must be a whole number, not '${text}'.`);
}

/** From a worker: how far it is, with all failures so far. Its result comes last. */
type FromWorker = { readonly done: number; readonly failures: readonly string[] } | { readonly result: FuzzResult };

const [progressMs, tellMs] = [1000, 30_000];

function runShare({ seed, inputs, stacks }: Share, say: (message: FromWorker) => void): Promise<FuzzResult> {
  // Nobody reads the stacks of errors that are sent to peers, and they cost most of the time.
  Error.stackTraceLimit = stacks ? 10 : 0;
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  const heapBytes = (): number => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  let saidAt = performance.now();
  const onProgress = (done: number, failures: readonly string[]): void => {
    if (performance.now() - saidAt < progressMs) return;
    saidAt = performance.now();
    say({ done, failures });
  };
  return fuzz({ seed, inputs, heapBytes, onProgress });
}

/** Failures are told as they come. */
function startWorker(share: Share, onDone: (done: number) => void): Promise<FuzzResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: share });
    let told = 0;
    worker.once('error', reject).on('message', (message: FromWorker) => {
      const { failures } = 'result' in message ? message.result : message;
      for (const failure of failures.slice(told)) console.log(failure);
      told = failures.length;
      if ('result' in message) resolve(message.result);
      else onDone(message.done);
    });
  });
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      inputs: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: String(1 + Math.floor(Math.random() * 1e9)) },
      workers: { type: 'string', default: String(availableParallelism()) },
      stacks: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return true;
  }
  const { stacks } = values;
  const [inputs, seed, workers] = [
    whole('inputs', values.inputs),
    whole('seed', values.seed),
    whole('workers', values.workers),
  ];
  console.log(`seed ${seed}, ${workers} workers`);
  const startedAt = performance.now();
  const share = Math.ceil(inputs / workers);
  const shares = Array.from({ length: workers }, (_, i) => ({ seed: seed + i, inputs: share, stacks }));
  const done = shares.map(() => 0);
  const seconds = (): number => (performance.now() - startedAt) / 1000;
  const telling = setInterval(() => {
    const sum = done.reduce((all, each) => all + each, 0);
    const rate = sum / seconds();
    const mib = process.memoryUsage.rss() / 1024 / 1024;
    const left = (inputs - sum) / rate / 60;
    console.log(
      `${seconds().toFixed(0)} s: ${sum} inputs, ${rate.toFixed(0)} a second, ${left.toFixed(0)} min left, ${mib.toFixed(0)} MiB`,
    );
  }, tellMs);
  const results = await Promise.all(shares.map((each, i) => startWorker(each, (count) => (done[i] = count))));
  clearInterval(telling);
  return tell(results, seed, seconds());
}

function tell(results: readonly FuzzResult[], seed: number, seconds: number): boolean {
  const covered = new Map<string, number>();
  for (const [kind, count] of results.flatMap((result) => [...result.covered])) {
    covered.set(kind, (covered.get(kind) ?? 0) + count);
  }
  const sum = (of: (result: FuzzResult) => number): number => results.reduce((all, result) => all + of(result), 0);
  const [rarest, times] = [...covered].toSorted(([, a], [, b]) => a - b)[0]!;
  const grownMib = Math.max(...results.map(({ grownBytes }) => grownBytes)) / 1024 / 1024;
  const failures = results.reduce((all, result) => all + result.failures.length, 0);
  console.log(`${covered.size} kinds of frames, the rarest ${rarest} ${times} times`);
  console.log(`${sum(({ taken }) => taken)} frames taken, ${sum(({ delivered }) => delivered)} operations delivered`);
  const acts = (name: keyof FuzzResult['acts']): number => sum((result) => result.acts[name]);
  console.log(`documents: ${acts('update')} updates applied by watchers, ${acts('compaction')} compactions`);
  console.log(`rooms: ${acts('input')} inputs counted, ${acts('snapshot')} snapshots to watchers`);
  console.log(`logs: ${acts('redaction')} redactions told to watchers`);
  console.log(`honest clients served ${sum(({ served }) => served)} times, memory grew by ${grownMib.toFixed(1)} MiB`);
  console.log(`${sum(({ inputs }) => inputs)} inputs in ${seconds.toFixed(1)} s, seed ${seed}`);
  console.log(failures === 0 ? '1 passed, 0 failed' : `0 passed, ${failures} failed`);
  return failures === 0;
}

if (isMainThread) process.exitCode = (await main()) ? 0 : 1;
else {
  const say = (message: FromWorker): void => parentPort!.postMessage(message);
  say({ result: await runShare(workerData as Share, say) });
}
