import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { ClusterReport } from '@longwave/core';
import { secondsOption, wholeNumber } from '../client-options.js';
import { refusalText } from '../error-text.js';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.js';
import { formatReport } from '../inspect/format-report.js';
import { watchInterrupts } from '../interrupt.js';
import { Output } from '../output.js';

interface InspectFlags {
  readonly key?: string;
  readonly prefix?: string;
  readonly limit: number;
  readonly every: number;
  readonly json?: boolean;
}

const timeoutMs = 10_000;

export function addInspect(program: Command, done: (code: Promise<ExitCode>) => void): void {
  program
    .command('inspect')
    .addArgument(program.createArgument('<url>', 'any node, or what stands in front of them'))
    .summary('show the nodes and channels of a running cluster')
    .description(
      'Asks one node, which asks all others: nodes, and the channels with the most subscribers, with their positions, what they ' +
        'retain, their members, and how far subscribers lag.',
    )
    .addOption(new Option('-k, --key <key>', 'a key of the HTTP API').env('LONGWAVE_API_KEY'))
    .option('-p, --prefix <prefix>', 'only channels whose names begin so; inboxes begin with @')
    .addOption(new Option('-n, --limit <count>', 'channels at most').default(50).argParser(wholeNumber(1, 100)))
    .addOption(secondsOption('--every <seconds>', 'look again and again', 0))
    .option('--json', 'print what the HTTP API answers, one line each time')
    .addHelpText(
      'after',
      '\nBEHIND counts subscribers that read on or whose link takes no more, LAG the operations that the last of them misses.\n' +
        'Exits with 1 when a node did not answer.\n',
    )
    .action((url: string, flags: InspectFlags) => done(inspect(url, flags)));
}

async function inspect(url: string, flags: InspectFlags): Promise<ExitCode> {
  if (flags.key === undefined) throw new CommandError('--key or LONGWAVE_API_KEY has to name a key of the HTTP API.');
  const target = targetOf(url, flags);
  const interrupts = watchInterrupts();
  const output = new Output(process.stdout);
  try {
    for (;;) {
      const report = await ask(target, flags.key, interrupts.signal);
      await output.line(flags.json ? JSON.stringify(report) : formatReport(report, Date.now()));
      if (output.gone) return exitCodes.done;
      if (flags.every === 0) return report.missing.length === 0 ? exitCodes.done : exitCodes.failed;
      await sleep(flags.every, undefined, { signal: interrupts.signal });
    }
  } catch (error) {
    if (interrupts.signal.aborted) return exitCodes.done;
    throw error;
  } finally {
    interrupts.dispose();
  }
}

function targetOf(url: string, { prefix, limit }: InspectFlags): URL {
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw new CommandError(`${url} is no http or https URL.`);
  const target = new URL(`${url.replace(/\/+$/, '')}/v1/cluster`);
  target.searchParams.set('limit', String(limit));
  if (prefix !== undefined) target.searchParams.set('prefix', prefix);
  return target;
}

async function ask(target: URL, key: string, interrupted: AbortSignal): Promise<ClusterReport> {
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(timeoutMs)]);
  let response: Response;
  try {
    response = await fetch(target, { headers: { authorization: `Bearer ${key}` }, signal });
  } catch (error) {
    if (interrupted.aborted) throw error;
    const { cause, message } = error as Error;
    throw new CommandError(`${target.origin} cannot be reached: ${cause instanceof Error ? cause.message : message}`);
  }
  const body = (await response.json().catch(() => undefined)) as ClusterReport | object | undefined;
  if (body && 'nodes' in body) return body;
  throw new CommandError(`${target.origin} ${refusalText(response.status, body)}`);
}
