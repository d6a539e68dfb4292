import type { Calls, Channels, ClientCalls } from '@longwave/protocol';
import { clientLength, createJsonClientCodec, readDuration } from '@longwave/protocol/client';
import type { Client } from '../api/client-api.js';
import type { ClientOptions, Settings } from '../base/options.js';
import type { Transport } from '../base/ports.js';
import { hostClock } from '../defaults/clock.js';
import { hostEnvironment } from '../defaults/environment.js';
import { createRandomId } from '../defaults/identity.js';
import { hostRandom } from '../defaults/random.js';
import { reportUncaught } from '../defaults/report-error.js';
import { resolveUrl } from '../defaults/url.js';
import { createWarning } from '../defaults/warn.js';
import {
  atLeast,
  callback,
  check,
  connectParams,
  duration,
  either,
  exactly,
  fields,
  having,
  isToken,
  text,
  whole,
} from '../base/check.js';
import { checkedClock, checkedTransport } from '../base/checked-ports.js';
import { call } from '../base/safe-call.js';
import { type PartFactories, RealtimeClient } from './realtime-client.js';
import { hasWebSocket, webSocketTransport } from '../transports/web-socket.js';

/** The parts of the client that one host has at hand, and another one loads when they are first used. */
export interface ClientParts extends PartFactories {
  readonly stream: () => Transport;
  readonly poll: () => Transport;
}

/** `connect` with its parts. */
export function openClient<C extends Channels = Channels, K extends Calls = Calls, H extends ClientCalls = ClientCalls>(
  parts: ClientParts,
  url: string,
  options: ClientOptions = {},
): Client<C, K, H> {
  check('options of connect', options, clientOptions);
  const { onDiagnostic } = options;
  const warn = createWarning();
  const reportError = (error: unknown): void =>
    call({ reportError: reportUncaught }, options.reportError ?? reportUncaught, error);
  const client = new RealtimeClient(
    {
      transports: toTransports(options.transport, parts),
      clock: options.clock ? checkedClock(options.clock) : hostClock,
      environment: options.environment ?? hostEnvironment(),
      random: options.random ?? hostRandom,
      reportError,
      onDiagnostic: (diagnostic, heard) => {
        if (onDiagnostic) call({ reportError }, onDiagnostic, diagnostic);
        else if (!heard) warn(diagnostic);
      },
    },
    toSettings(url, options),
    parts,
  );
  // The types of the contract are promises of the server; at run time there are only names.
  return client as unknown as Client<C, K, H>;
}

const delay = atLeast(0);
const one = either(exactly('auto', 'websocket', 'stream', 'poll'), having('connect'));
const memory = fields({ memory: having('get', 'set') }, 'environment.', true);
const clientOptions = fields({
  token: either(isToken, callback),
  codec: either(exactly('json'), having('encode', 'decode', 'join')),
  params: connectParams,
  checks: having('call', 'answer'),
  path: text(Infinity),
  reconnect: fields({ minDelay: duration(0), maxDelay: duration(0) }, 'reconnect.'),
  connectTimeout: duration(1),
  outbox: fields({ maxCount: delay, maxBytes: delay }, 'outbox.'),
  bytesPerSecond: whole(1),
  transport: (value) => {
    const all: unknown[] = [value].flat();
    return all.length > 0 ? all.map(one).find(Boolean) : one(0);
  },
  clock: having('now', 'setTimer'),
  random: callback,
  createId: callback,
  environment: (value) => having('onWake', 'isOnline')(value) ?? memory(value),
  reportError: callback,
  onDiagnostic: callback,
});

function toTransports(given: ClientOptions['transport'] = 'auto', { stream, poll }: ClientParts): readonly Transport[] {
  if (given === 'auto') {
    return [hasWebSocket() ? webSocketTransport() : [], stream(), poll()].flat();
  }
  return typeof given === 'string'
    ? [{ websocket: webSocketTransport, stream, poll }[given]()]
    : [given].flat().map(checkedTransport);
}

function toSettings(url: string, options: ClientOptions): Settings {
  const { reconnect = {}, outbox = {}, codec = 'json' } = options;
  const clientId = (options.createId ?? createRandomId)();
  check('createId()', clientId, text(clientLength));
  return {
    url: resolveUrl(url, options.path),
    clientId,
    token: options.token,
    codec: codec === 'json' ? createJsonClientCodec() : codec,
    minDelayMs: readDuration(reconnect.minDelay ?? 250),
    maxDelayMs: readDuration(reconnect.maxDelay ?? 20_000),
    firstMaxMs: readDuration(reconnect.maxDelay ?? 5_000),
    connectTimeoutMs: readDuration(options.connectTimeout ?? 10_000),
    outboxCount: outbox.maxCount ?? 1_000,
    outboxBytes: outbox.maxBytes ?? 4 * 1024 * 1024,
    bytesPerSecond: options.bytesPerSecond,
    params: options.params && { ...options.params },
    checks: options.checks,
  };
}
