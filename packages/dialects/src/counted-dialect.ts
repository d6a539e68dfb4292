import type { Dialect } from '@longwave/node';
import type { DialectCounts } from './sockets/editor.js';

/** A dialect that tells what it did. */
export interface CountedDialect extends Dialect {
  /** Since it was made. */
  readonly counts: Readonly<DialectCounts>;
}
