import { type RulesOf, checkOptions, isPlainObject, option } from '@longwave/protocol';
import type { ServerSubscribeOptions } from './log-reading.js';
import type { ServerWatchOptions } from './state-reading.js';

const listenRules: RulesOf<ServerSubscribeOptions> = {
  from: { accepts: "'now', 'start', { last } or a position", fits: isFrom },
  onReset: option.callback,
  onRedact: option.callback,
};

const watchRules: RulesOf<ServerWatchOptions> = {
  // The view is looked at where it is compiled (VIEW-1).
  keys: option.any,
  where: option.any,
  area: option.any,
  rate: option.any,
  onReset: option.callback,
};

const offset = option.wholeNumber(0);

function isFrom(value: unknown): boolean {
  if (value === 'now' || value === 'start') return true;
  if (!isPlainObject(value)) return false;
  if (!('epoch' in value)) return offset.fits(value['last']);
  return typeof value['epoch'] === 'string' && value['epoch'] !== '' && offset.fits(value['offset']);
}

/** Throws `TypeError` that names the argument. */
export function checkListen(options: unknown, handler: unknown): void {
  checkOptions('subscribe', options, listenRules);
  checkOptions('subscribe', { handler }, { handler: { ...option.callback, required: true } });
}

/** The same. */
export function checkWatch(options: unknown, handler: unknown): void {
  checkOptions('watch', options, watchRules);
  checkOptions('watch', { handler }, { handler: option.callback });
}
