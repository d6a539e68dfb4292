// `npm start`: from a fresh clone to the gallery at http://localhost:8080 (PORT, HOST), whose chat is kept in `.data` (DATA; empty:
// in memory). Nothing but Node until it installed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { arePagesStale, bundlePages, bundleScripts, compile, galleryFolder } from './lib/build.mjs';
import { isSiteStale } from './site/built.mjs';
import { dataFolder } from './lib/data-folder.mjs';
import { isInstalled } from './lib/installed.mjs';
import { requireNode } from './lib/node-version.mjs';
import { root } from './lib/root.mjs';
import { npm } from './lib/run.mjs';

const MAIN = `${root}apps/gallery/dist/server/supervisor.js`;

/** Runs one preparation; shows its output when it fails. A signal ends it and then this process, with the signal's code. */
function prepare(what, [file, ...args], cwd = root) {
  console.log(what);
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(file, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = (signal) => {
      child.kill(signal);
      process.exit(128 + constants.signals[signal]);
    };
    process.once('SIGINT', stop).once('SIGTERM', stop);
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    const fail = (reason, code) => {
      console.error(`${output.trimEnd()}\n${what} failed: ${reason}`);
      process.exit(code);
    };
    child.on('error', (error) => fail(error.message, 1));
    child.on('close', (code, signal) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      if (code === 0) resolve();
      else fail(signal ?? `exit code ${code}`, code ?? 1);
    });
  });
}

/**
 * npm passes a signal to the shell it put in between, which dies of it and leaves this process behind, port and all.
 * So losing the parent counts as the signal.
 */
function endWithNpm() {
  if (process.env['npm_lifecycle_event'] !== 'start') return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  timer.unref();
}

requireNode();
endWithNpm();
if (!isInstalled()) await prepare('Installing (npm ci)', [...npm, 'ci', '--loglevel=error']);
await prepare('Compiling', compile);
await prepare('Bundling the script', bundleScripts);
if (arePagesStale()) await prepare('Bundling the pages', bundlePages, galleryFolder);
if (!existsSync(MAIN)) {
  console.error(`${MAIN} was not built.`);
  process.exit(1);
}
process.env['DATA'] = dataFolder(process.env);
process.argv[1] = MAIN;
// In this very process, which passes signals on to the server and its exit code back.
await import(pathToFileURL(MAIN).href);
// The gallery is up. Its documentation follows, in a process that lets everything else go first.
if (isSiteStale()) buildSite();

function buildSite() {
  const child = spawn(process.execPath, [`${root}scripts/site.mjs`, 'build'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  child.on('error', (error) => console.error(`The documentation was not built: ${error.message}`));
  child.on('spawn', () => setPriority(child.pid, constants.priority.PRIORITY_LOW));
  child.on('close', (code) => {
    if (code !== 0) console.error(`The documentation was not built. npm run docs -- build says why.\n${errors}`);
  });
  process.once('exit', () => child.kill());
}
