import process from 'node:process';
import { type Command, Option } from 'commander';
import { type From, LongwaveError, type Message, type Position } from '../../client.js';
import { type ClientFlags, addClientOptions, describeState, openClient, wholeNumber } from '../client-options.js';
import { errorText } from '../error-text.js';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.js';
import { watchInterrupts } from '../interrupt.js';
import { Output } from '../output.js';
import { formatPosition, parsePosition, readPosition, writePosition } from '../position-file.js';

interface SubFlags extends ClientFlags {
  readonly last?: number;
  readonly from?: Position | 'start';
  readonly position?: boolean;
  readonly positionFile?: string;
  readonly count?: number;
  readonly jsonEvents?: boolean;
  readonly quiet?: boolean;
}

/** A position is saved at most so often; what came since is printed again after a crash. */
const saveEveryMs = 1000;

export function addSub(program: Command, done: (code: Promise<ExitCode>) => void): void {
  addClientOptions(program.command('sub').argument('<channel>', 'the channel to subscribe to'))
    .summary('print the messages of a channel as JSON lines')
    .description(
      'Prints each message as one line of JSON: channel, offset, epoch, time, id and user where known, and data (or ' +
        'bytes, as base64). Resumes by itself after an outage, without a gap and without a repetition; where that ' +
        'cannot be proven, a reset with its reason is told on standard error.',
    )
    .option('--last <n>', 'begin with the last n messages', wholeNumber(0))
    .addOption(
      new Option('--from <position>', 'begin after a position, EPOCH:OFFSET, or at the start of what is kept')
        .argParser((text: string) => (text === 'start' ? text : parsePosition(text)))
        .conflicts('last'),
    )
    .option('--position', 'tell on standard error where it stands: at the start, at a reset and at the end')
    .option(
      '--position-file <file>',
      'keep the position in a file: goes on from there when it exists, saved every second and at the end',
    )
    .option('--count <n>', 'exit after n messages', wholeNumber(1))
    .option('--json-events', 'write events to standard error as JSON, one a line')
    .option('-q, --quiet', 'do not tell about the connection (resets are told)')
    .action((channel: string, flags: SubFlags) => done(sub(channel, flags)));
}

async function sub(channelName: string, flags: SubFlags): Promise<ExitCode> {
  const from = startOf(flags);
  const client = openClient(flags);
  const interrupts = watchInterrupts();
  const tell = (event: string, fields: object, text: string): void => {
    process.stderr.write(`${flags.jsonEvents ? JSON.stringify({ event, ...fields }) : text}\n`);
  };
  client.onState((state) => {
    if (!flags.quiet && (state.status === 'connected' || state.status === 'waiting')) {
      tell('state', stateFields(state), describeState(state, flags.url));
    }
  });
  const tellPosition = (position: Position | undefined): void => {
    if (flags.position && position) tell('position', position, `position ${formatPosition(position)}`);
  };

  let position: Position | undefined;
  let savedAt = 0;
  const save = (): void => {
    if (flags.positionFile === undefined || position === undefined) return;
    writePosition(flags.positionFile, position);
    savedAt = Date.now();
  };

  let ending: LongwaveError | undefined;
  try {
    const subscription = client.channel(channelName).subscribe({
      from,
      onSubscribed: (info) => {
        position ??= info.position;
        tellPosition(info.position);
      },
      onReset: ({ reason, position: now, previous }) => {
        const gap = previous ? `from ${formatPosition(previous)} to ${formatPosition(now)}` : formatPosition(now);
        tell('reset', { reason, position: now, previous }, `reset: ${reason}, ${gap}`);
      },
      onRedact: ({ target, reason, user, position: at }) => {
        const by = `${user === undefined ? '' : `, by ${user}`}${reason === undefined ? '' : `: ${reason}`}`;
        tell('redact', { target, position: at, reason, user }, `redacted: ${formatPosition(target)}${by}`);
      },
      onEnd: (error) => (ending = error),
    });
    const leave = (): void => subscription.unsubscribe();
    interrupts.signal.addEventListener('abort', leave, { once: true });
    const output = new Output(process.stdout, leave);
    let left = flags.count ?? Infinity;
    try {
      for await (const message of subscription) {
        await output.line(format(message));
        if (output.gone) break;
        position = { epoch: message.meta.epoch, offset: message.meta.offset };
        if (Date.now() - savedAt >= saveEveryMs) save();
        if (--left === 0) break;
      }
    } catch (error) {
      if (!(error instanceof LongwaveError)) throw error;
      ending ??= error;
    }
    await output.end();
    save();
    tellPosition(position);
  } finally {
    client.close();
    interrupts.dispose();
  }
  if (!ending || ending.code === 'closed') return exitCodes.done;
  tell('end', { code: ending.code, message: ending.message }, `longwave sub: ${errorText(ending)}`);
  return exitCodes.failed;
}

function startOf({ last, from, positionFile }: SubFlags): From {
  if (from) return from;
  if (positionFile !== undefined) {
    try {
      const saved = readPosition(positionFile);
      if (saved) return saved;
    } catch (error) {
      throw new CommandError(`${positionFile}: ${(error as Error).message}`);
    }
  }
  return last === undefined ? 'now' : { last };
}

function stateFields(state: object): object {
  const { error, ...fields } = state as { readonly error?: LongwaveError };
  return error ? { ...fields, error: { code: error.code, message: error.message } } : fields;
}

function format({ data, meta }: Message<unknown>): string {
  const { channel, offset, epoch, time, id, user, redacted } = meta;
  const payload = data instanceof Uint8Array ? { bytes: Buffer.from(data).toString('base64') } : { data };
  return JSON.stringify({ channel, offset, epoch, time, id, user, ...(redacted ? { redacted } : payload) });
}
