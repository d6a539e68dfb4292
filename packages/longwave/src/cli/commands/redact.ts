import process from 'node:process';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { askApi } from '../ask-api.js';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.js';
import { Output } from '../output.js';
import { formatPosition, parsePosition } from '../position-file.js';

interface RedactFlags {
  readonly url: string;
  readonly key?: string;
  readonly reason?: string;
  readonly user?: string;
}

interface Target {
  readonly offset: number;
  readonly epoch?: string;
}

export function addRedact(program: Command, done: (code: Promise<ExitCode>) => void): void {
  program
    .command('redact')
    .summary('take the data of a stored message, for good')
    .description(
      'Takes the data of one message of a log over the HTTP API of a running server. Its place stays, and whoever has ' +
        'the message is told. The contract has to call the log redactable. Prints the position of the redaction.',
    )
    .argument('<channel>', 'the name of the log')
    .argument('<offset>', 'the offset of the message, or EPOCH:OFFSET: then of no other log', targetOf)
    .addOption(new Option('-u, --url <url>', 'any node').default('http://localhost:8080'))
    .addOption(new Option('-k, --key <key>', 'a key of the HTTP API').env('LONGWAVE_API_KEY'))
    .option('--reason <text>', 'told to those who have the message')
    .option('--user <user>', 'in whose name')
    .action((channel: string, target: Target, flags: RedactFlags) => done(redact(channel, target, flags)));
}

async function redact(
  channel: string,
  { offset, epoch }: Target,
  { url, key, reason, user }: RedactFlags,
): Promise<ExitCode> {
  if (key === undefined) throw new CommandError('Give the key of the HTTP API: --key or LONGWAVE_API_KEY.');
  const query = new URLSearchParams(
    Object.entries({ epoch, reason, user }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ).toString();
  const response = await askApi({ url, key, channel }, 'DELETE', `messages/${offset}${query && `?${query}`}`);
  const published = (await response.json()) as { epoch: string; offset: number; duplicate: boolean };
  const output = new Output(process.stdout);
  await output.line(published.duplicate ? 'redacted before' : formatPosition(published));
  await output.end();
  return exitCodes.done;
}

function targetOf(text: string): Target {
  if (text.includes(':')) return parsePosition(text);
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('It is a whole number of at least 1.');
  return { offset: Number(text) };
}
