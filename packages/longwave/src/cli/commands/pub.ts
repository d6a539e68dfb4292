import process from 'node:process';
import type { Command } from 'commander';
import { LongwaveError } from '../../client.js';
import {
  type ClientFlags,
  addClientOptions,
  describeState,
  openClient,
  seconds,
  secondsOption,
  wholeNumber,
} from '../client-options.js';
import { errorText } from '../error-text.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { watchInterrupts } from '../interrupt.js';
import { Output } from '../output.js';
import { readLines } from '../read-lines.js';

interface PubFlags extends ClientFlags {
  readonly json?: boolean;
  readonly idPrefix?: string;
  readonly inFlight: number;
  readonly timeout?: number;
  readonly grace: number;
  readonly acks?: boolean;
  readonly quiet?: boolean;
}

/** UTF-16 units: longer than any server takes by default, and small enough to hold. */
const maxLineLength = 1024 * 1024;

export function addPub(program: Command, done: (code: Promise<ExitCode>) => void): void {
  addClientOptions(program.command('pub').argument('<channel>', 'the channel to publish to'))
    .summary('publish the lines of standard input')
    .description(
      'Publishes each line of standard input as a message, in order, and waits until it is stored. Through an outage ' +
        'the lines wait and are sent again when the server is back; none is stored twice. A line that fails is reported with ' +
        'its number, and the later lines go on.',
    )
    .option('--json', 'each line is a JSON value; blank lines are skipped (otherwise a line is a text)')
    .option(
      '--id-prefix <prefix>',
      'message id = prefix + line number: the same input again, of the same user, is stored once',
    )
    .option('--in-flight <n>', 'lines sent ahead of their acknowledgement', wholeNumber(1, 10_000), 100)
    .option('--timeout <seconds>', 'give a line up after so long (default: never)', seconds)
    .addOption(secondsOption('--grace <seconds>', 'on an interrupt, wait so long for acknowledgements', 5))
    .option('--acks', 'print a line of JSON for each line that is stored: line, epoch, offset, duplicate, durability')
    .option('-q, --quiet', 'do not tell about the connection')
    .action((channel: string, flags: PubFlags) => done(pub(channel, flags)));
}

async function pub(channelName: string, flags: PubFlags): Promise<ExitCode> {
  const client = openClient(flags, flags.inFlight);
  const interrupts = watchInterrupts();
  const ended = new AbortController();
  const stop = AbortSignal.any([interrupts.signal, ended.signal]);
  const tell = (text: string): void => void process.stderr.write(`${text}\n`);
  client.onState((state) => {
    if (state.status === 'closed' && state.error) {
      tell(`longwave pub: ${describeState(state, flags.url)}`);
      ended.abort();
    } else if (!flags.quiet && (state.status === 'connected' || state.status === 'waiting'))
      tell(describeState(state, flags.url));
  });

  // Nobody left to read the acknowledgements is no reason to stop publishing.
  const output = new Output(process.stdout);
  let failed = 0;
  let stored = 0;
  const fail = (line: number, error: unknown): void => {
    failed++;
    tell(`line ${line}: ${error instanceof LongwaveError ? errorText(error) : (error as Error).message}`);
    if (error instanceof LongwaveError && error.code === 'invalid-data' && !flags.json && failed === 1) {
      tell('Each line is sent as a text. To send JSON values, give --json.');
    }
  };

  try {
    const channel = client.channel(channelName);
    const inFlight = new Set<Promise<void>>();
    for await (const { number, text } of readLines(process.stdin, maxLineLength, stop)) {
      let data: unknown = text;
      try {
        if (text === undefined) throw new LongwaveError('too-large', `It is longer than ${maxLineLength} characters.`);
        if (flags.json) {
          if (text.trim() === '') continue;
          data = parseJson(text);
        }
      } catch (error) {
        fail(number, error);
        continue;
      }
      const sent: Promise<void> = channel
        .publish(data, {
          ...(flags.idPrefix !== undefined && { id: `${flags.idPrefix}${number}` }),
          ...(flags.timeout !== undefined && { timeout: flags.timeout }),
        })
        .then(
          async ({ position, duplicate, durability }) => {
            stored++;
            if (flags.acks) await output.line(JSON.stringify({ line: number, ...position, duplicate, durability }));
          },
          (error: unknown) => fail(number, error),
        )
        .finally(() => inFlight.delete(sent));
      inFlight.add(sent);
      // Standard input is not read on until there is room again.
      if (inFlight.size >= flags.inFlight) await Promise.race(inFlight);
    }
    await settle(inFlight, flags.grace, interrupts.signal);
    client.close();
    await Promise.all(inFlight);
    await output.end();
  } finally {
    client.close();
    interrupts.dispose();
  }
  if (!flags.quiet || failed > 0) tell(`${stored} stored${failed > 0 ? `, ${failed} failed` : ''}`);
  return failed > 0 || ended.signal.aborted ? exitCodes.failed : exitCodes.done;
}

/** Waits for what is on its way; after an interrupt for `graceMs` at most. */
async function settle(inFlight: ReadonlySet<Promise<void>>, graceMs: number, interrupted: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const giveUp = new Promise<void>((resolve) => {
    const start = (): void => void (timer = setTimeout(resolve, graceMs));
    if (interrupted.aborted) start();
    else interrupted.addEventListener('abort', start, { once: true });
  });
  await Promise.race([Promise.all(inFlight), giveUp]);
  clearTimeout(timer);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LongwaveError('invalid-data', `It is not JSON: ${(error as SyntaxError).message}`);
  }
}
