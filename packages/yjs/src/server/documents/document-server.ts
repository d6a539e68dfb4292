import type { Engine } from '@longwave/core';

/** The part of a server that documents need. */
export interface DocumentServer {
  readonly engine: Engine;
}
