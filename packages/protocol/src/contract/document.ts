import { checkOptions, type RulesOf } from '../values/check-options.js';
import { describeValue } from '../values/describe-value.js';
import type { LogDefinition } from './contract.js';
import { checkBounds, docRules } from './contract-rules.js';
import type { Schema } from './schema.js';

/** A channel that keeps a document: the log of its updates. Made by {@link doc}. */
export interface DocDefinition extends LogDefinition<Schema<Uint8Array>, Schema, false> {
  readonly mode: 'doc';
}

/** Options of {@link doc}. */
export interface DocOptions {
  /**
   * Most bytes of the document with its history that is not compacted yet. An update above it is refused with `too-large`. Default
   * 16 MiB.
   */
  readonly maxBytes?: number;
  /** Gives the document members, who tell each other their cursors and selections. Default true. */
  readonly awareness?: boolean;
}

/** The channel's format is checked by the server's `documents`. */
const bytes: Schema<Uint8Array> = {
  '~standard': {
    version: 1,
    vendor: 'longwave',
    validate: (value) =>
      value instanceof Uint8Array
        ? { value }
        : { issues: [{ message: `An update of a document is bytes, not ${describeValue(value)}.` }] },
  },
};

/**
 * Defines a channel that keeps a document which many people change at once. Each message is an update, opaque bytes; `longwave/yjs`
 * binds a `Y.Doc` to it. An acknowledged update is stored, and old ones are compacted, never lost (DOC-1). Throws
 * `TypeError` on an unknown or invalid option, `RangeError` on a bound out of range.
 * @example
 * ```ts
 * const channels = defineChannels({ 'doc/:id': doc({ maxBytes: 4 * 1024 * 1024 }) });
 * ```
 */
export function doc(options: DocOptions = {}): DocDefinition {
  checkOptions('doc', options, docRules satisfies RulesOf<DocOptions>);
  const { maxBytes = 16 * 1024 * 1024, awareness = true } = options;
  checkBounds('doc: ', { maxBytes });
  const forEver = Number.MAX_SAFE_INTEGER;
  return {
    mode: 'doc',
    message: bytes,
    retain: { count: forEver, bytes: maxBytes, ageMs: forEver, whole: true },
    redactable: false,
    // A definition without presence has the type of one that has it: who enters is refused with `wrong-mode` all the same.
    presence: (awareness ? { member: undefined, graceMs: 10_000 } : undefined) as DocDefinition['presence'],
    demand: false,
  };
}
