import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * One at which nobody listens, below those that systems give to connections of their own choice: one of these might be taken
 * while the server at it is down.
 */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 30_000);
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch {
      continue;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}

export interface GalleryProcess {
  readonly port: number;
  /** Ends the process as `kill` does and waits until it is gone. Resolves with its exit code. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/** `supervisor` is what `npm start` runs: it starts the server again when that is killed. `main` is the server alone. */
type Program = 'main' | 'supervisor';

/**
 * The built server in a process of its own. Its chat is kept in `data`, or in memory. Throws with its output when it does not come
 * up.
 */
export async function startGallery(port: number, data = '', program: Program = 'main'): Promise<GalleryProcess> {
  const file = fileURLToPath(new URL(`../dist/server/${program}.js`, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [file], {
    env: { ...process.env, PORT: String(port), HOST: '127.0.0.1', DATA: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const exited = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line.includes('http://')) resolve();
    });
    void exited.then(() => reject(new Error(`The gallery did not start. Build it first: npm run build\n${errors}`)));
  });
  let isMeant = false;
  child.once('exit', (code, signal) => {
    // Later failures follow from this one.
    if (!isMeant) console.error(`The gallery ended by itself: ${signal ?? `exit code ${code}`}\n${errors}`);
  });
  return {
    port,
    kill: async (signal) => {
      isMeant = true;
      child.kill(signal);
      const [code] = (await exited) as [number | null];
      return code;
    },
  };
}
