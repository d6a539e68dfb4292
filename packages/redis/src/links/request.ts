import { LongwaveError } from '@longwave/protocol';

export type Argument = string | number | Buffer;

/** A command on its way. */
export interface Request {
  readonly command: string;
  /** Asked for when it is sent. */
  readonly args: () => readonly Argument[];
  /** About, for the bound of what may wait. */
  readonly bytes: number;
  /** When it was asked for, then when it was sent; by the clock of the process. */
  since: number;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

export interface Answer {
  readonly reply: unknown;
  /** Which connection of the link it came over: another one knows nothing of what this one sent. */
  readonly connection: number;
}

/** Transient: the same may succeed in a moment. */
export class UnavailableError extends LongwaveError {
  /** The server is there and cannot be used as it is set up: nothing is gained by waiting. */
  readonly misconfigured: boolean;

  constructor(message: string, options: { cause?: unknown; misconfigured?: boolean } = {}) {
    super('unavailable', message, options);
    this.misconfigured = options.misconfigured ?? false;
  }
}
