import { readFileSync } from 'node:fs';
import process from 'node:process';
import { Command, CommanderError } from 'commander';
import { addBench } from './commands/bench.js';
import { addDoc } from './commands/doc.js';
import { addDoctor } from './commands/doctor.js';
import { addInspect } from './commands/inspect.js';
import { CommandError, type ExitCode, exitCodes } from './exit-codes.js';
import { addPub } from './commands/pub.js';
import { addRedact } from './commands/redact.js';
import { addScript } from './commands/script.js';
import { addServe } from './commands/serve.js';
import { addSub } from './commands/sub.js';
import { addWs } from './commands/ws.js';

const closing = `
Exit codes:
  0    done; also after an interrupt that left nothing undone
  1    something failed
  2    the command line is wrong; doctor: nobody gets through
  130  interrupted twice: what was unfinished is given up

Examples:
  longwave serve                              a server to try things with, on this machine only
  tail -F app.log | longwave pub logs/app     each line becomes a message
  longwave sub logs/app --last 10             the last ten, and what comes
  longwave ws wss://example.com/socket        talk to any WebSocket
  longwave doctor https://example.com         what gets through to a server, and what does not
  longwave doc cat doc/plan -k KEY            the text of a document
  longwave inspect https://example.com -k KEY its nodes and channels, with who is behind
  longwave script https://example.com         the script element for a page without a build step
`;

/** The command line. `run` resolves with the exit code and never rejects. */
export function createProgram(): { run(argv: readonly string[]): Promise<ExitCode> } {
  let running: Promise<ExitCode> = Promise.resolve(exitCodes.done);
  const program = defineProgram((code) => void (running = code));
  return {
    async run(argv) {
      try {
        program.parse(argv);
        return await running;
      } catch (error) {
        return tell(error);
      }
    },
  };
}

/** All commands with their options. `done` is called with the work that a command began. */
export function defineProgram(done: (code: Promise<ExitCode>) => void): Command {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  const program = new Command('longwave')
    .description('Longwave: real time that keeps its place.')
    .version(version)
    .showHelpAfterError('(add --help to list commands and options)')
    .exitOverride()
    .addHelpText('after', closing);
  for (const add of [addServe, addPub, addSub, addWs, addBench, addDoctor, addInspect, addDoc, addRedact, addScript])
    add(program, done);
  return program;
}

function tell(error: unknown): ExitCode {
  // Commander has said what is wrong, or printed the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  const known = error instanceof CommandError || error instanceof TypeError;
  process.stderr.write(`longwave: ${known ? error.message : String((error as Error).stack ?? error)}\n`);
  return exitCodes.failed;
}
