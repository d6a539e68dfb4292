/** Exit codes of the commands; `longwave --help` lists them too. */
export const exitCodes = {
  done: 0,
  /** Something failed: a line was not stored, the server refused, the port is taken. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** A second interrupt: whatever was unfinished is given up. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A failure that is told to the user in one line, without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
