import { createHash } from 'node:crypto';
import process from 'node:process';
import type { Command } from 'commander';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.js';
import { Output } from '../output.js';

interface ScriptFlags {
  readonly path: string;
  readonly module?: boolean;
}

const timeoutMs = 10_000;

export function addScript(program: Command, done: (code: Promise<ExitCode>) => void): void {
  program
    .command('script')
    .addArgument(program.createArgument('<url>', 'a running server, by the name under which pages reach it'))
    .summary('print the script element for a page without a build step')
    .description(
      'Loads the client that the server gives away, and prints the element for it with its version, by which browsers keep it, and ' +
        'its hash, which they check.',
    )
    .option('--path <path>', 'where clients connect', '/longwave')
    .option('-m, --module', 'the ES module')
    .action((url: string, flags: ScriptFlags) => done(script(url, flags)));
}

async function script(url: string, { path, module }: ScriptFlags): Promise<ExitCode> {
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw new CommandError(`${url} is no http or https URL.`);
  const target = new URL(
    `${url.replace(/\/+$/, '')}${path.replace(/\/+$/, '') || '/longwave'}.${module ? 'mjs' : 'js'}`,
  );
  const response = await fetch(target, { signal: AbortSignal.timeout(timeoutMs) }).catch((error: unknown) => {
    const { cause, message } = error as Error;
    throw new CommandError(`${target.origin} cannot be reached: ${cause instanceof Error ? cause.message : message}`);
  });
  const version = /^(?:W\/)?"(\w+)/.exec(response.headers.get('etag') ?? '')?.[1];
  const body = new Uint8Array(await response.arrayBuffer());
  if (!response.ok || version === undefined) throw new CommandError(`${target.href} answered ${response.status}.`);
  target.searchParams.set('v', version);
  const hash = createHash('sha384').update(body).digest('base64');
  const type = module ? 'type="module" ' : '';
  const output = new Output(process.stdout);
  await output.line(`<script ${type}src="${target.href}" integrity="sha384-${hash}" crossorigin="anonymous"></script>`);
  await output.end();
  return exitCodes.done;
}
