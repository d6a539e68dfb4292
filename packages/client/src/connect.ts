import {
  type Calls,
  type Channels,
  type ClientCalls,
  type ClientCodec,
  createBinaryClientCodec,
  createJsonClientCodec,
  readDuration,
  wireLimits,
} from '@longwave/protocol';
import type { Client } from './api/client-api.js';
import type { ClientOptions, Settings } from './base/options.js';
import type { Transport } from './base/ports.js';
import { hostClock } from './defaults/clock.js';
import { hostEnvironment } from './defaults/environment.js';
import { createRandomId } from './defaults/identity.js';
import { hostRandom } from './defaults/random.js';
import { reportUncaught } from './defaults/report-error.js';
import { resolveUrl } from './defaults/url.js';
import { createWarning } from './defaults/warn.js';
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
} from './base/check.js';
import { checkedClock, checkedTransport } from './base/checked-ports.js';
import { call } from './base/safe-call.js';
import { RealtimeClient } from './realtime-client.js';
import { pollTransport, streamTransport } from './transports/http.js';
import { hasWebSocket, webSocketTransport } from './transports/web-socket.js';

/**
 * Connects to a server and stays connected until `close()`, or until the server refuses the client for good (CLI-2).
 * `C` and `K` are the types of the server's channels and calls, `H` that of its calls to clients.
 *
 * `url` has the scheme `http`, `https`, `ws` or `wss`, and in a page it may be relative. Its path is put in front of
 * `/longwave`, and its query goes with each request.
 *
 * Throws `TypeError` on an unknown or invalid option (CLI-10), on an invalid URL, and for `transport: 'websocket'`
 * where the host has no WebSocket.
 * @example
 * ```ts
 * const client = connect<typeof channels, typeof calls>('https://example.com', { token: () => fetchToken() });
 * client.channel('chat/lobby').subscribe((message) => console.log(message.text));
 * ```
 */
export function connect<C extends Channels = Channels, K extends Calls = Calls, H extends ClientCalls = ClientCalls>(
  url: string,
  options: ClientOptions = {},
): Client<C, K, H> {
  check('options', options, clientOptions);
  const { onDiagnostic } = options;
  const warn = createWarning();
  const reportError = (error: unknown): void =>
    call({ reportError: reportUncaught }, options.reportError ?? reportUncaught, error);
  const client = new RealtimeClient(
    {
      transports: toTransports(options.transport),
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
  );
  // The types of the contract are promises of the server; at run time there are only names.
  return client as unknown as Client<C, K, H>;
}

/**
 * The binary codec, for the option `codec`: its frames are smaller, and faster for data that are bytes themselves
 * (WIRE-4).
 * @example
 * ```ts
 * const client = connect(url, { codec: binaryCodec() });
 * ```
 */
export function binaryCodec(): ClientCodec {
  return createBinaryClientCodec();
}

const delay = atLeast(0);
const one = either(exactly('auto', 'websocket', 'stream', 'poll'), having('connect'));
const memory = fields({ memory: having('get', 'set') }, 'environment.');
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
  transport: (value) => (Array.isArray(value) ? (value.length > 0 ? value : [0]) : [value]).map(one).find(Boolean),
  clock: having('now', 'setTimer'),
  random: callback,
  createId: callback,
  environment: (value) => having('onWake', 'isOnline')(value) ?? memory(value),
  reportError: callback,
  onDiagnostic: callback,
});

const named = { websocket: webSocketTransport, stream: streamTransport, poll: pollTransport };

function toTransports(given: ClientOptions['transport'] = 'auto'): readonly Transport[] {
  if (given === 'auto') {
    return [hasWebSocket() ? webSocketTransport() : [], streamTransport(), pollTransport()].flat();
  }
  return typeof given === 'string' ? [named[given]()] : [given].flat().map(checkedTransport);
}

function toSettings(url: string, options: ClientOptions): Settings {
  const { reconnect = {}, outbox = {}, codec = 'json' } = options;
  const clientId = (options.createId ?? createRandomId)();
  check('createId()', clientId, text(wireLimits.clientLength));
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
