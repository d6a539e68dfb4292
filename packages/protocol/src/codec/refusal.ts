import type { Code } from '../codes.js';

/** Why a frame is refused (WIRE-6): thrown and caught within this package. */
export class Refusal extends Error {
  readonly code: Code;

  constructor(message: string, code: Code = 'bad-frame') {
    super(message);
    this.code = code;
  }
}
