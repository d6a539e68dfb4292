import type { Hooks } from '@longwave/core';
import {
  type Channels,
  type OptionRule,
  type RulesOf,
  checkOptions,
  isCall,
  isClientCall,
  isDefinition,
  isPlainObject,
  option,
} from '@longwave/protocol';
import type { ListenOptions, ServerCoreOptions, ServerOptions } from './server-options.js';
import { limitOptionRules } from './limit-options.js';
import { logLevels } from '../host/log-level.js';
import type { Dialect } from '../web-socket/dialect.js';
import type { HttpApiOptions } from '../http-api/http-api.js';
import type { WebSocketEndpointOptions } from '../web-socket/endpoints.js';

const logger = option.methods('a logger', 'error', 'info');

const hookRules: RulesOf<Hooks> = {
  connect: option.callback,
  subscribe: option.callback,
  publish: option.callback,
  call: option.callback,
  enter: option.callback,
  expiring: option.callback,
  disconnect: option.callback,
};

/** One object of hooks or a list of them: each is looked at by itself, so that a wrong name is told. */
const hooksRule: OptionRule = {
  accepts: 'an object of hooks, or a list of them',
  fits: (value) => {
    for (const hooks of [value].flat()) checkOptions('on', hooks, hookRules);
    return true;
  },
};

const httpRules: RulesOf<HttpApiOptions> = {
  // Its parts are secrets, and looked at where they are taken.
  apiKeys: { ...option.list('a list of texts', (key) => typeof key === 'string'), secret: true },
  logger,
  basePath: { accepts: "a path such as '/realtime'", fits: (value) => typeof value === 'string' },
  gatherMetrics: option.callback,
  metrics: option.oneOf('open', 'key', 'off'),
  bodyBytes: option.wholeNumber(1),
  bodyTimeout: option.duration(),
  probeTimeout: option.duration(),
};

export const coreRules: RulesOf<ServerCoreOptions<Channels>> = {
  channels: {
    ...option.record('what defineChannels makes: definitions such as log(), map() and value() by name', isDefinition),
    required: true,
  },
  calls: option.record('what defineCalls makes: call(...) by name', isCall),
  clientCalls: option.record('what defineClientCalls makes: clientCall(...) by name', isClientCall),
  authenticate: option.callback,
  authorize: option.callback,
  on: hooksRule,
  documents: option.methods('what yjs() makes', 'check', 'compact'),
  rooms: option.methods('what serveRooms() makes', 'start', 'open', 'input', 'drain', 'close'),
  modes: option.record('modes by name', isPlainObject),
  limits: option.fields(limitOptionRules),
  heartbeat: option.duration(),
};

export const serverRules: RulesOf<ServerOptions<Channels>> = {
  ...coreRules,
  store: option.methods('a store', 'append', 'read', 'bounds', 'watch', 'expire', 'close'),
  // These are looked at where they are normalised.
  path: option.any,
  allowedOrigins: option.any,
  allowedHosts: option.any,
  maxConnections: option.limit(1),
  trustProxy: option.wholeNumber(0, 100),
  publicHistory: option.flag,
  compress: option.flag,
  script: option.flag,
  dialects: option.list('a list of dialects, such as [yWebsocket()]', isDialect),
  http: option.fields(httpRules),
  tls: option.object,
  logger,
  logLevel: option.oneOf(...logLevels),
  label: option.text,
};

function isDialect(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Dialect>).start === 'function';
}

export const listenRules: RulesOf<ListenOptions> = {
  port: option.wholeNumber(0, 65_535),
  host: option.text,
};

/** A server of `node:http`, `node:https` or `node:http2`, or one that a framework made of it. */
export const httpServer = option.methods('an HTTP server', 'on', 'emit', 'listeners', 'removeListener');

export const closeRules = { drain: option.duration(0) };

export const endpointRules: RulesOf<WebSocketEndpointOptions> = {
  protocols: option.list('a list of names', (name) => typeof name === 'string'),
  maxMessageBytes: option.wholeNumber(1),
  maxBufferedBytes: option.wholeNumber(1),
  compress: option.flag,
  allowedOrigins: option.any,
  trace: option.callback,
};
