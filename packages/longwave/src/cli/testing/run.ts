import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const bin = fileURLToPath(new URL('../../../bin/longwave.js', import.meta.url));

/** Lines of an output, past and to come. */
class Lines {
  readonly all: string[] = [];
  #wake: (() => void)[] = [];
  #ended = false;

  constructor(stream: Readable) {
    const notify = (): void => {
      for (const wake of this.#wake.splice(0)) wake();
    };
    createInterface({ input: stream })
      .on('line', (line) => {
        this.all.push(line);
        notify();
      })
      .on('close', () => {
        this.#ended = true;
        notify();
      });
  }

  /** Resolves when `holds` of all lines so far. Rejects when the output ends before. */
  async until(holds: (lines: readonly string[]) => boolean): Promise<void> {
    while (!holds(this.all)) {
      if (this.#ended) throw new Error(`It ended with: ${this.all.slice(-10).join('\n')}`);
      await new Promise<void>((resolve) => void this.#wake.push(resolve));
    }
  }

  /** Resolves with the first line, past or to come, that matches. */
  async find(pattern: RegExp): Promise<RegExpExecArray> {
    let found: RegExpExecArray | undefined;
    await this.until((lines) => {
      for (const line of lines) found ??= pattern.exec(line) ?? undefined;
      return found !== undefined;
    });
    return found!;
  }
}

export interface Running {
  readonly child: ChildProcess;
  readonly out: Lines;
  readonly err: Lines;
  /** Writes lines to its standard input. */
  type(...lines: readonly string[]): void;
  /** Ends its standard input. */
  endInput(): void;
  kill(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void;
  /** Its exit code, or the signal that ended it, once its output is complete. */
  readonly ended: Promise<number | string>;
}

/** Starts the command line in a process of its own, until the test has ended. */
export function longwave(...args: readonly string[]): Running {
  return start(process.execPath, [bin, ...args]);
}

export function longwaveWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Running {
  return start(process.execPath, [bin, ...args], env);
}

export function start(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const stdio: StdioOptions = ['pipe', 'pipe', 'pipe'];
  const child = spawn(file, args, { stdio, env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdin!.on('error', () => undefined);
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return {
    child,
    out: new Lines(child.stdout!),
    err: new Lines(child.stderr!),
    type: (...lines) => void child.stdin!.write(lines.map((line) => `${line}\n`).join('')),
    endInput: () => void child.stdin!.end(),
    kill: (signal) => void child.kill(signal),
    ended,
  };
}

/** A server on a free port, or on `port`, that listens. */
export async function serve(port = 0, ...args: readonly string[]): Promise<Running & { readonly url: string }> {
  const server = longwave('serve', '--host', '127.0.0.1', '--port', String(port), '--drain', '0', ...args);
  const [, url] = await server.out.find(/listens on (\S+)/);
  return { ...server, url: url! };
}
