import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import process from 'node:process';

/** None of them outlives this process, however that ends. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface Daemon {
  /** Asks it to end, and makes it after a second. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

/**
 * Starts a program in the foreground, as a child of ours, and waits until something answers on its ports. Throws with what
 * it said when it ends before.
 */
export async function startDaemon(command: readonly string[], ports: readonly number[]): Promise<Daemon> {
  const [file, ...args] = command as [string, ...string[]];
  const child: ChildProcess = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  /** Whether its end, now, would be nobody's wish. */
  let isNeeded = false;
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
  }
  const closed = once(child, 'close');
  let gone = false;
  void closed.then(() => {
    gone = true;
    if (running.delete(child) && isNeeded) process.stderr.write(`${command.join(' ')} ended by itself:\n${said}\n`);
  });
  running.add(child);
  const stop = async (): Promise<void> => {
    running.delete(child);
    if (!gone) child.kill('SIGTERM');
    // Some wait for connections that are open; ours have said all they have to say.
    const timer = setTimeout(() => child.kill('SIGKILL'), 1000);
    await closed;
    clearTimeout(timer);
  };
  const signal = (name: NodeJS.Signals): void => {
    isNeeded = false;
    if (!gone) child.kill(name);
  };
  const kill = async (): Promise<void> => {
    running.delete(child);
    signal('SIGKILL');
    await closed;
  };
  for (const port of ports) {
    while (!(await answers(port))) {
      if (gone) throw new Error(`${command.join(' ')} ended:\n${said}`);
      // None of them tells when it is ready.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  if (gone) throw new Error(`${command.join(' ')} ended:\n${said}`);
  isNeeded = true;
  return { stop, kill, signal };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
