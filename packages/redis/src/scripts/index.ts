import { createHash } from 'node:crypto';
import { appendToLog } from './append-to-log.js';
import { appendToState } from './append-to-state.js';
import { changes } from './changes.js';
import { due, expire } from './expire.js';
import { read } from './read.js';

/** A script as Redis knows it: by its SHA-1. */
export interface Script {
  readonly source: string;
  readonly sha: string;
}

function script(source: string): Script {
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}

export const scripts = {
  appendToLog: script(appendToLog),
  appendToState: script(appendToState),
  changes: script(changes),
  due: script(due),
  expire: script(expire),
  read: script(read),
} as const;
