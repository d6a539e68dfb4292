import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Client, ConnectionState, TransportName } from '../client.js';
import { binaryCodec, connect } from '../client-node.js';
import { errorText } from './error-text.js';
import { CommandError } from './exit-codes.js';

/** Options of every command that connects as a client. */
export interface ClientFlags {
  readonly url: string;
  readonly token?: string;
  readonly codec: 'json' | 'binary';
  readonly transport: TransportName | 'auto';
  readonly path?: string;
}

export function addClientOptions(command: Command): Command {
  return command
    .addOption(new Option('-u, --url <url>', 'the server').env('LONGWAVE_URL').default('http://localhost:8080'))
    .addOption(new Option('-t, --token <token>', "token for the server's authenticate").env('LONGWAVE_TOKEN'))
    .addOption(new Option('--codec <name>', 'codec on the wire').choices(['json', 'binary']).default('json'))
    .addOption(
      new Option('--transport <name>', 'the only one to use')
        .choices(['auto', 'websocket', 'stream', 'poll'])
        .default('auto'),
    )
    .option('--path <path>', 'path of the endpoint (default: /longwave below the path of the URL)');
}

/** Throws `CommandError` on an address that is none. */
export function openClient({ url, token, codec, transport, path }: ClientFlags, outboxCount?: number): Client {
  if (!URL.canParse(url) || !/^(?:https?|wss?):$/.test(new URL(url).protocol)) {
    throw new CommandError(`'${url}' is no address of a server: it begins with http:, https:, ws: or wss:.`);
  }
  return connect(url, {
    codec: codec === 'binary' ? binaryCodec() : codec,
    transport,
    ...(path !== undefined && { path }),
    ...(token !== undefined && { token }),
    // Each command says by itself what went wrong.
    onDiagnostic: () => undefined,
    // A person waits: a server that is back should be found soon.
    reconnect: { maxDelay: 5000 },
    ...(outboxCount !== undefined && { outbox: { maxCount: outboxCount, maxBytes: 64 * 1024 * 1024 } }),
  });
}

/** A state as one line for people. */
export function describeState(state: ConnectionState, url: string): string {
  switch (state.status) {
    case 'connecting':
      return `connecting to ${url}`;
    case 'connected':
      return `connected to ${url}${state.user === undefined ? '' : ` as ${state.user}`}`;
    case 'waiting':
      return `no connection to ${url}${because(state.error)}; trying again`;
    case 'closed':
      return state.error ? `closed (${errorText(state.error)})` : 'closed';
  }
}

function because(error: { readonly code: string; readonly message: string } | undefined): string {
  return error ? ` (${error.code}: ${error.message})` : '';
}

/** An argument that must be a whole number. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min}${max < 2 ** 53 - 1 ? ` to ${max}` : ''}.`);
  };
}

/** An option in seconds whose value is milliseconds. */
export function secondsOption(flags: string, description: string, initialSeconds: number): Option {
  const shown = String(initialSeconds);
  return new Option(flags, description).default(initialSeconds * 1000, shown).argParser(seconds);
}

/** An argument in seconds, as milliseconds. */
export function seconds(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Number.NaN;
  if (value <= 2 ** 31 - 1) return value;
  throw new InvalidArgumentError('It must be a number of seconds.');
}
