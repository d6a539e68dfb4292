import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import type { Server } from '@longwave/node';
import { defineChannels, log } from '@longwave/protocol';
import { type Command, Option } from 'commander';
import { secondsOption, wholeNumber } from '../client-options.js';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.js';
import { aborted } from '../interrupt.js';
import { type IdentityFlags, addIdentityOptions, identityEnvironment, readIdentity } from '../identity.js';
import { type ServeConfig, loadConfig } from '../load-config.js';
import { isMemory, openStore, storeForms } from '../open-store.js';
import { type ServeHost, terminalHost, workerHost } from '../workers/worker-host.js';
import { Workers } from '../workers/workers.js';

interface ServeFlags extends IdentityFlags {
  readonly port: number;
  readonly host?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly drain: number;
  readonly workers: number;
  readonly store?: string;
}

const retain = { maxCount: 10_000 };

/** Without a configuration: any name of one or two segments, and nobody is authenticated. */
const open: ServeConfig = { channels: defineChannels({ ':name': log({ retain }), ':space/:name': log({ retain }) }) };

export function addServe(program: Command, done: (code: Promise<ExitCode>) => void): void {
  const command = program
    .command('serve')
    .argument('[config]', 'a module that exports the options of createServer (.js, .mjs; .ts with Node 22.18)')
    .summary('run a server')
    .description(
      'Runs a server until SIGTERM or SIGINT, then sends its clients elsewhere and exits. Without a config every channel ' +
        'of one or two segments is there, keeps 10,000 messages, and everybody may read and publish.',
    )
    .addOption(
      new Option('-p, --port <port>', '0 picks a free one').env('PORT').default(8080).argParser(wholeNumber(0, 65_535)),
    )
    .addOption(
      new Option('-H, --host <host>', 'address to listen on (default: 127.0.0.1 without `authenticate`, else all)').env(
        'HOST',
      ),
    )
    .option('--tls-cert <file>', 'certificate chain in PEM: serve https and wss')
    .option('--tls-key <file>', 'its private key in PEM')
    .addOption(secondsOption('--drain <seconds>', 'on SIGTERM, send the clients elsewhere within so long', 1))
    .addOption(
      new Option(
        '-s, --store <url>',
        `where channels are kept: ${storeForms} (default: the config's, else memory:)`,
      ).env('LONGWAVE_STORE'),
    )
    .option('-w, --workers <n>', 'processes that share the port; more than one need a store', wholeNumber(1, 256), 1);
  addIdentityOptions(command)
    .addHelpText(
      'after',
      `
Environment:
  LONGWAVE_API_KEY  opens the HTTP API under /v1 (GET /v1/openapi.json describes it); several keys with commas
${identityEnvironment}
`,
    )
    .action((config: string | undefined, flags: ServeFlags) => done(serve(config, flags)));
}

async function serve(file: string | undefined, flags: ServeFlags): Promise<ExitCode> {
  const { workers, store } = flags;
  if (workers === 1) return run(file, flags, terminalHost());
  if (store === undefined ? file === undefined : isMemory(store)) throw new CommandError(shareNothing(workers));
  if (cluster.isPrimary) return new Workers(workers).run();
  return run(file, flags, workerHost());
}

async function run(file: string | undefined, flags: ServeFlags, serveHost: ServeHost): Promise<ExitCode> {
  try {
    const server = await start(file, flags, serveHost);
    await aborted(serveHost.signal);
    await server.close({ drain: flags.drain });
    return exitCodes.done;
  } finally {
    serveHost.dispose();
  }
}

/** Resolves with a server that listens. */
async function start(
  file: string | undefined,
  flags: ServeFlags,
  serveHost: ServeHost,
): Promise<Pick<Server, 'close'>> {
  const config = file === undefined ? open : await loadConfig(file);
  // One of the config that is not used would keep what it has opened.
  if (flags.store !== undefined) await config.store?.close();
  const store = flags.store === undefined ? config.store : await openStore(flags.store);
  // Here, because the other commands start faster without it.
  const { MemoryStore } = await import('@longwave/core');
  if (flags.workers > 1 && (store === undefined || store instanceof MemoryStore))
    throw new CommandError(shareNothing(flags.workers));
  const byFlags = await readIdentity(flags);
  if (byFlags && config.authenticate) {
    throw new CommandError(
      `${file} has an authenticate already: leave out the flags of tokens, or compose them there.`,
    );
  }
  const authenticate = byFlags ?? config.authenticate;
  const isOpen = authenticate === undefined && config.authorize === undefined;
  const host = flags.host ?? (isOpen ? '127.0.0.1' : undefined);
  const tls = readTls(flags) ?? config.tls;
  const apiKeys = process.env['LONGWAVE_API_KEY']?.split(',').filter((key) => key !== '') ?? [];
  const { createServer, memory } = await import('@longwave/node');
  const { metrics: reporter } = serveHost;
  const server = createServer({
    ...config,
    ...(authenticate && { authenticate }),
    // The line below says it already.
    ...(isOpen && { authorize: () => true }),
    store: store ?? memory(),
    ...(tls && { tls }),
    http: {
      ...config.http,
      ...(apiKeys.length > 0 && { apiKeys }),
      ...(reporter && { gatherMetrics: (own) => reporter.gather(own) }),
    },
  });
  if (reporter) reporter.read = server.handleRequest.readMetrics;
  try {
    const address = await server.listen({ port: flags.port, ...(host !== undefined && { host }) });
    const lines = [`Longwave ${tls ? 'listens on https' : 'listens on http'}://${urlHost(address)}`];
    if (isOpen) lines.push('Everybody who reaches it may read and publish: no authenticate, no authorize.');
    if (byFlags && config.authorize === undefined)
      lines.push('Whoever has a token may read and publish everything: no authorize.');
    serveHost.ready(lines, address);
    return server;
  } catch (error) {
    await server.close();
    throw new CommandError(listenFailure(error as NodeJS.ErrnoException, flags.port, host));
  }
}

function shareNothing(workers: number): string {
  return `${workers} workers need a store that they share, and memory is each one's own. Give them one with --store: ${storeForms.replace('memory:, ', '')}.`;
}

function readTls({ tlsCert, tlsKey }: ServeFlags): { readonly cert: Buffer; readonly key: Buffer } | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) throw new CommandError('--tls-cert and --tls-key go together.');
  try {
    return { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) };
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}

function urlHost({ address, family, port }: AddressInfo): string {
  if (address === '::' || address === '0.0.0.0') return `localhost:${port}`;
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
}

function listenFailure({ code, message }: NodeJS.ErrnoException, port: number, host = 'any address'): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use. Choose another with --port or PORT.`;
    case 'EACCES':
      return `Port ${port} on ${host} may not be used by this user. Choose one above 1023 with --port or PORT.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine. Choose another with --host or HOST.`;
    case undefined:
    default:
      return `It cannot listen on port ${port} of ${host}: ${message}`;
  }
}
