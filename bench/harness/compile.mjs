import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const sources = fileURLToPath(new URL('../generator/', import.meta.url));
const cache = fileURLToPath(new URL('../.cache/', import.meta.url));
const flags = ['-std=gnu11', '-O3', '-march=native', '-Wall', '-Wextra'];

/** Compiles the generator unless this very source has been compiled before. Returns the path of the program. */
export function compileGenerator() {
  const files = readdirSync(sources)
    .filter((name) => /\.[ch]$/.test(name))
    .sort();
  const hash = createHash('sha256').update(flags.join(' '));
  for (const name of files) hash.update(name).update(readFileSync(sources + name));
  const program = `${cache}generator-${hash.digest('hex').slice(0, 12)}`;
  if (existsSync(program)) return program;
  if (process.platform !== 'linux')
    throw new Error(`The generator needs Linux (epoll, /proc, taskset), not ${process.platform}.`);
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const compiler = process.env['CC'] ?? 'cc';
  const units = files.filter((name) => name.endsWith('.c')).map((name) => sources + name);
  const { status, error } = spawnSync(compiler, [...flags, '-o', program, ...units], { stdio: 'inherit' });
  if (error) {
    throw new Error(
      `The load generator is written in C and "${compiler}" could not be run: install a C compiler (Debian: gcc and libc6-dev) or name one in CC.`,
    );
  }
  if (status !== 0) throw new Error(`"${compiler}" could not compile the load generator; see above.`);
  return program;
}
