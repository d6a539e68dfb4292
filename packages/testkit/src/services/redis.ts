import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Daemon, startDaemon } from './daemon.js';
import { findFreePort } from './free-port.js';

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Where it keeps its data. */
  readonly folder: string;
  /** Runs a command as `redis-cli` does. Resolves with what it prints. Rejects when there is no answer. */
  command(...args: readonly string[]): Promise<string>;
  /** With its data, as a crash leaves it. */
  kill(): Promise<void>;
  /** Starts it again where it was, on the same port. */
  restart(): Promise<void>;
  /** It keeps its connections and does nothing. */
  freeze(): void;
  thaw(): void;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Starts a Redis in a folder of its own, which keeps nothing on disk unless `settings` say so: `['--appendonly', 'yes']`. */
export async function startRedis(settings: readonly string[] = [], onPort?: number): Promise<RedisServer> {
  const port = onPort ?? (await findFreePort());
  const folder = await mkdtemp(join(tmpdir(), 'longwave-redis-'));
  const command = [
    ...['redis-server', '--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
    ...['--repl-diskless-sync-delay', '0', '--enable-debug-command', 'local', ...settings],
  ];
  let daemon: Daemon = await startDaemon(command, [port]);
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    folder,
    command: (...args) => runRedisCli(port, args),
    kill: () => daemon.kill(),
    restart: async () => {
      await daemon.kill();
      daemon = await startDaemon(command, [port]);
    },
    freeze: () => daemon.signal('SIGSTOP'),
    thaw: () => daemon.signal('SIGCONT'),
    stop: async () => {
      daemon.signal('SIGCONT');
      await daemon.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs `redis-cli` on a port of this machine. */
export async function runRedisCli(port: number, args: readonly string[]): Promise<string> {
  const [file, ...options] = ['redis-cli', '-e', '-p', `${port}`] as const;
  const child = spawn(file, [...options, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`redis-cli ${args.join(' ')} failed:\n${said}`);
  return said.trimEnd();
}
