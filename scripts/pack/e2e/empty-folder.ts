import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { onTestFinished } from 'vitest';

/** Somewhere that Node finds no packages of somebody else from. */
function isAlone(folder: string): boolean {
  const parent = path.dirname(folder);
  return !existsSync(path.join(folder, 'node_modules')) && (parent === folder || isAlone(parent));
}

export function makeEmptyFolder(): string {
  const home = [tmpdir(), '/var/tmp', homedir()].find((place) => existsSync(place) && isAlone(place));
  if (home === undefined) throw new Error('Every folder for temporary files lies below a node_modules.');
  return mkdtempSync(path.join(home, 'longwave-'));
}

/** An empty folder outside of the repository, until the test ends. */
export function emptyFolder(): string {
  const folder = makeEmptyFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** The environment without what the npm that runs this test says of itself. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const own =
    /^(npm_(package|lifecycle|config_(local_prefix|prefix|workspace))|npm_command|npm_execpath|INIT_CWD|NODE_ENV|VITEST|TEST$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

/** Runs a command in `folder` to its end. Resolves with its output; rejects with it unless the exit code is `code` (0). */
export async function runIn(folder: string, words: readonly string[], code = 0): Promise<string> {
  const [file = '', ...args] = words;
  const child = spawn(file, args, { cwd: folder, env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const ended = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (ended !== code) throw new Error(`${words.join(' ')} ended with ${ended}:\n${output}`);
  return output;
}
