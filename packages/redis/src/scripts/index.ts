import { createHash } from 'node:crypto';
import { appendToLog } from './append-to-log.js';
import { appendToState } from './append-to-state.js';
import { changes } from './changes.js';
import { compact } from './compact.js';
import { due, expire } from './expire.js';
import { read } from './read.js';

/** A script as Redis knows it: by its SHA-1. */
export interface Script {
  readonly source: string;
  readonly sha: string;
}

/**
 * The script as it is sent on each connection to a server that has forgotten it: without comments and indents, which no
 * string in it spans.
 */
function script(written: string): Script {
  const lines = written.split('\n').map((line) => line.trim());
  const source = lines.filter((line) => line !== '' && !line.startsWith('--')).join('\n');
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}

export const scripts = {
  appendToLog: script(appendToLog),
  appendToState: script(appendToState),
  changes: script(changes),
  compact: script(compact),
  due: script(due),
  expire: script(expire),
  read: script(read),
} as const;
