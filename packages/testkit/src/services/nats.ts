import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Daemon, startDaemon } from './daemon.js';
import { findFreePort } from './free-port.js';

/** A NATS server with JetStream, which keeps its port and its files when it is killed and started again. */
export interface NatsServer {
  readonly url: string;
  readonly port: number;
  start(): Promise<void>;
  /** As `kill -9` does. */
  kill(): Promise<void>;
  /** `SIGSTOP` and `SIGCONT` make it stand still and go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Keeps a copy of its files as they are; it must not run. */
  save(): Promise<void>;
  /** Puts its files back to what they were: what was stored since is lost. It must not run. */
  restore(): Promise<void>;
  /** Asks JetStream, as an operator does: `STREAM.DELETE.x`, say. Resolves with its answer, whatever that is. */
  ask(what: string, body?: unknown): Promise<unknown>;
  /** Ends it, and removes its files. */
  stop(): Promise<void>;
}

/** Servers that are one cluster. */
export interface NatsCluster {
  readonly servers: readonly NatsServer[];
  readonly urls: readonly string[];
  stop(): Promise<void>;
}

/** Starts a server on a free port, with its files in a temporary folder; `more` is added to its configuration. */
export function startNats(more = ''): Promise<NatsServer> {
  return startServer(more);
}

/** Starts a cluster of so many servers; JetStream answers when they have found each other. */
export async function startNatsCluster(size = 3): Promise<NatsCluster> {
  const ports = await Promise.all(Array.from({ length: size }, () => findFreePort()));
  const routes = ports.map((port) => `nats-route://127.0.0.1:${port}`).join(', ');
  const servers = await Promise.all(
    ports.map((port) => startServer(`cluster { name: test, listen: "127.0.0.1:${port}", routes: [${routes}] }`)),
  );
  const stop = async (): Promise<void> => void (await Promise.all(servers.map((server) => server.stop())));
  return { servers, urls: servers.map(({ url }) => url), stop };
}

async function startServer(more: string): Promise<NatsServer> {
  const folder = await mkdtemp(join(tmpdir(), 'longwave-nats-'));
  const port = await findFreePort();
  const config = join(folder, 'nats.conf');
  const jetstream = `jetstream { store_dir: "${folder}", max_memory_store: 256MB, max_file_store: 2GB }`;
  await writeFile(config, `listen: "127.0.0.1:${port}"\nserver_name: "n${port}"\n${jetstream}\n${more}\n`);
  let daemon: Daemon;
  const start = async (): Promise<void> => {
    daemon = await startDaemon(['nats-server', '-c', config], [port]);
  };
  await start();
  return {
    ...{ url: `127.0.0.1:${port}`, port, start },
    kill: () => daemon.kill(),
    signal: (signal) => daemon.signal(signal),
    save: () => cp(join(folder, 'jetstream'), join(folder, 'saved'), { recursive: true }),
    async restore() {
      await rm(join(folder, 'jetstream'), { recursive: true });
      await cp(join(folder, 'saved'), join(folder, 'jetstream'), { recursive: true });
    },
    ask: (what, body) => askJetStream(port, what, body),
    async stop() {
      await daemon.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const answerMs = 5000;

/** In the protocol itself: these tools come without a client. Rejects when there is no answer within 5 s. */
function askJetStream(port: number, what: string, body?: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? '' : JSON.stringify(body);
    const socket = connect({ port, host: '127.0.0.1' });
    const settle = (finish: () => void): void => {
      clearTimeout(late);
      socket.destroy();
      finish();
    };
    const late = setTimeout(() => settle(() => reject(new Error(`NATS did not answer ${what}.`))), answerMs);
    let said = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const message = /\r\nMSG ask 1 (\d+)\r\n/.exec(said);
      const answer = message && said.slice(message.index + message[0].length);
      if (answer && Buffer.byteLength(answer) >= Number(message[1])) {
        settle(() => resolve(JSON.parse(answer.slice(0, answer.lastIndexOf('}') + 1))));
      }
    });
    socket.on('error', (error) => settle(() => reject(error)));
    socket.write(
      `CONNECT {"verbose":false}\r\nSUB ask 1\r\nPUB $JS.API.${what} ask ${Buffer.byteLength(payload)}\r\n${payload}\r\n`,
    );
  });
}
