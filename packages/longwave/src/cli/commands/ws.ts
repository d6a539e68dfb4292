import process from 'node:process';
import { NodeWebSocket } from '@longwave/node/client';
import { type Command, InvalidArgumentError } from 'commander';
import { secondsOption } from '../client-options.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { watchInterrupts } from '../interrupt.js';
import { Output } from '../output.js';
import { readLines } from '../read-lines.js';

interface WsFlags {
  readonly protocol?: readonly string[];
  readonly header?: Readonly<Record<string, string>>;
  readonly compress?: boolean;
  readonly hex?: boolean;
  readonly linger: number;
  readonly insecure?: boolean;
}

const maxLineLength = 16 * 1024 * 1024;
/** Close codes that are no failure: a normal end, somebody going away, and none given (RFC 6455 §7.4.1). */
const peaceful: readonly number[] = [1000, 1001, 1005];

export function addWs(program: Command, done: (code: Promise<ExitCode>) => void): void {
  program
    .command('ws')
    .argument('<url>', 'ws:, wss:, http: or https:')
    .summary('talk to any WebSocket')
    .description(
      'Sends each line of standard input as a text message and prints what comes: texts as they are, binary messages as ' +
        'hex after "binary ". The handshake, pings and the close go to standard error. At the end of the input it ' +
        'waits for the answer to a ping, so that answers that are on their way still come, and closes.',
    )
    .option('--protocol <name>', 'a subprotocol to offer; repeat it, the preferred one first', collect)
    .option('--header <name: value>', 'a further header of the request; repeat it', collectHeader)
    .option('--compress', 'offer permessage-deflate')
    .option('--hex', 'lines are hex, sent as binary messages')
    .addOption(secondsOption('--linger <seconds>', 'stay connected for that long after the end of the input', 0))
    .option('--insecure', 'take any certificate')
    .action((url: string, flags: WsFlags) => done(talk(url, flags)));
}

function collect(name: string, before: readonly string[] = []): readonly string[] {
  return [...before, name];
}

function collectHeader(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("A header is 'Name: value'.");
  return { ...before, [name]: value };
}

async function talk(url: string, flags: WsFlags): Promise<ExitCode> {
  const tell = (text: string): void => void process.stderr.write(`${text}\n`);
  const interrupts = watchInterrupts();
  const ended = new AbortController();
  const output = new Output(process.stdout, () => socket.close(1000));
  const pong = new Signal();
  const drain = new Signal();
  const opened = new Signal();
  let printing = 0;
  let close: { readonly code: number; readonly reason: string } | undefined;
  const closed = new Signal();

  const socket = new NodeWebSocket(
    url,
    {
      ...(flags.protocol && { protocols: flags.protocol }),
      ...(flags.header && { headers: flags.header }),
      ...(flags.compress && { compress: true }),
      ...(flags.insecure && { tls: { rejectUnauthorized: false } }),
    },
    {
      onOpen: (protocol) => {
        tell(`open${protocol === undefined ? '' : ` (${protocol})`}`);
        opened.fire();
      },
      onMessage: (data) => {
        // Reading stops while output cannot be printed.
        if (printing++ === 0) socket.pause();
        void output.line(typeof data === 'string' ? data : `binary ${hex(data)}`).then(() => {
          if (--printing === 0) socket.resume();
        });
      },
      onPing: (payload) => tell(`ping ${hex(payload)}`.trimEnd()),
      onPong: () => pong.fire(),
      onDrain: () => drain.fire(),
      onClose: (code, reason) => {
        close = { code, reason };
        for (const signal of [opened, pong, drain, closed]) signal.fire();
        ended.abort();
      },
    },
  );
  interrupts.signal.addEventListener('abort', () => socket.close(1000), { once: true });

  await opened.fired;
  const stop = AbortSignal.any([interrupts.signal, ended.signal]);
  for await (const { number, text } of readLines(process.stdin, maxLineLength, stop)) {
    const data = text === undefined ? undefined : flags.hex ? bytesOf(text) : text;
    if (data === undefined) tell(`line ${number} was not sent: it is ${text === undefined ? 'too long' : 'not hex'}`);
    else if (!socket.send(data) && socket.open) await drain.next();
  }
  if (socket.open) {
    socket.ping();
    await Promise.race([pong.fired, after(1000)]);
    await Promise.race([closed.fired, after(flags.linger)]);
    socket.close(1000);
  }
  await closed.fired;
  await output.end();
  interrupts.dispose();
  const { code, reason } = close!;
  tell(`close ${code}${reason === '' ? '' : ` ${reason}`}`);
  return peaceful.includes(code) ? exitCodes.done : exitCodes.failed;
}

/** Something that happens, and may have happened before anybody waited. */
class Signal {
  fire: () => void = () => undefined;
  fired: Promise<void> = Promise.resolve();

  constructor() {
    void this.next();
  }

  /** Waits for the next time. */
  next(): Promise<void> {
    this.fired = new Promise((resolve) => (this.fire = resolve));
    return this.fired;
  }
}

function after(delayMs: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, delayMs).unref());
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function bytesOf(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(' ', '');
  return /^(?:[0-9a-f]{2})*$/i.test(digits) ? Buffer.from(digits, 'hex') : undefined;
}
