import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { ServerOptions } from '@longwave/node';
import type { Channels } from '@longwave/protocol';
import { CommandError } from './exit-codes.js';

export type ServeConfig = ServerOptions<Channels>;

/** Names that a configuration may export: the options of `createServer`. */
const known: { readonly [Name in keyof ServeConfig]-?: true } = {
  channels: true,
  calls: true,
  clientCalls: true,
  store: true,
  authenticate: true,
  authorize: true,
  on: true,
  documents: true,
  rooms: true,
  modes: true,
  path: true,
  allowedOrigins: true,
  allowedHosts: true,
  limits: true,
  heartbeat: true,
  maxConnections: true,
  trustProxy: true,
  compress: true,
  script: true,
  dialects: true,
  http: true,
  tls: true,
  logger: true,
  logLevel: true,
  label: true,
  publicHistory: true,
};

/**
 * The options that a module exports, by default or by name. A default export with a name that is no option is refused:
 * a misspelt `authorize` must not leave a server open. Throws `CommandError`.
 */
export async function loadConfig(file: string): Promise<ServeConfig> {
  const isTypeScript = /\.[cm]?ts$/.test(file);
  if (isTypeScript && !runsTypeScript()) {
    throw new CommandError(
      `${file}: Node ${process.versions.node} does not run TypeScript, which takes 22.18 or newer. Compile it to .js first.`,
    );
  }
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await import(pathToFileURL(path.resolve(file)).href)) as typeof module;
  } catch (error) {
    throw new CommandError(`${file} cannot be loaded: ${describe(error)}`);
  }
  const { default: exported, ...named } = module;
  if (exported !== undefined && (typeof exported !== 'object' || exported === null)) {
    throw new CommandError(`${file}: the default export must be an object of options.`);
  }
  const given = Object.entries(exported ?? named);
  const strange = given.map(([name]) => name).filter((name) => !Object.hasOwn(known, name));
  if (strange.length > 0) {
    const names = Object.keys(known).join(', ');
    throw new CommandError(`${file} exports ${strange.join(', ')}, which is no option. There are: ${names}.`);
  }
  const config = Object.fromEntries(given) as Partial<ServeConfig>;
  if (typeof config.channels !== 'object')
    throw new CommandError(`${file} exports no 'channels' (defineChannels({...})).`);
  return { ...config, channels: config.channels };
}

/** `process.features.typescript`, which @types/node of Node 20 does not know. */
function runsTypeScript(): boolean {
  return Boolean((process.features as { readonly typescript?: unknown }).typescript);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND'
    ? error.message
    : (error.stack ?? error.message);
}
