import {
  type HistoryOptions,
  type OptionRule,
  type RulesOf,
  checkOptions,
  describeValue,
  isWellFormed,
  option,
  wireLimits,
} from '@longwave/protocol';
import type { ServerChangeOptions, ServerPublishOptions } from './publish-options.js';
import type { LoadedState } from './state/loaded-state.js';
import { isUserId, userRule } from '../guards/checked-authority.js';

/** Whether two of them that differ do so in every store as well. */
function isText(value: unknown, max: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= max && isWellFormed(value);
}

/** A rule for a text that every store keeps apart from others. */
export function textRule(max: number): OptionRule {
  return { accepts: `a well-formed text of 1 to ${max} characters`, fits: (value) => isText(value, max) };
}

/** The rule for `user`. */
export const userOption: OptionRule = { accepts: userRule, fits: isUserId };

const publishRules: RulesOf<ServerPublishOptions> = {
  id: textRule(wireLimits.messageIdLength),
  user: userOption,
  retry: option.flag,
  expect: option.wholeNumber(0),
};

const changeRules: RulesOf<ServerChangeOptions> = {
  ...publishRules,
  ttl: option.duration(1, Number.MAX_SAFE_INTEGER),
  at: option.wholeNumber(0),
};

/** Options of `disconnect`: the connections to end, and the message to their clients. */
export interface DisconnectOptions {
  /** The id of one connection. Default: all of the user. */
  readonly connection?: string;
  /** Told to the client, 1 to 1,000 characters. Default: what the code `disconnected` means. */
  readonly message?: string;
}

const disconnectRules: RulesOf<DisconnectOptions> = { connection: textRule(1000), message: textRule(1000) };

const historyRules: RulesOf<HistoryOptions> = {
  before: option.wholeNumber(0),
  after: option.wholeNumber(0),
  since: option.wholeNumber(0),
  until: option.wholeNumber(0),
  limit: option.wholeNumber(0),
  epoch: textRule(wireLimits.epochLength),
};

const entry: OptionRule = { accepts: 'a list of pairs of key and value', fits: isEntries };

function isEntries(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

const loadedRules: RulesOf<LoadedState> = {
  entries: entry,
  // Undefined: there is none. It is looked at where it is encoded.
  value: option.any,
  at: option.wholeNumber(0),
};

/** Throws `TypeError` on what iterates as a pair does, such as a text of two characters. */
function checkPair(of: string, pair: unknown): void {
  if (Array.isArray(pair) && pair.length === 2) return;
  throw new TypeError(`${of}: entries has ${describeValue(pair)}; it must be a list of pairs of key and value.`);
}

/** Checks of arguments at the methods that the application calls. Each throws `TypeError` that names the argument. */
export const checkArguments = {
  publish: (options: unknown): void => checkOptions('publish', options, publishRules),
  change: (options: unknown): void => checkOptions('change', options, changeRules),
  putAll: (entries: unknown, options: unknown): void => {
    checkOptions('putAll', { entries }, { entries: { ...entry, required: true } });
    checkOptions('putAll', options, changeRules);
  },
  pair: checkPair,
  /** The answer of an owner's `load`: a malformed state must not count as an empty one. */
  loaded: (answer: unknown): void => checkOptions('own: the answer of load', answer, loadedRules),
  key: (of: string, key: unknown): void =>
    checkOptions(of, { key }, { key: { ...textRule(wireLimits.keyLength), required: true } }),
  history: (query: unknown): void => checkOptions('history', query, historyRules),
  user: (of: string, id: unknown): void => checkOptions(of, { user: id }, { user: { ...userOption, required: true } }),
  disconnect: (id: unknown, options: unknown): void => {
    checkArguments.user('disconnect', id);
    checkOptions('disconnect', options, disconnectRules);
  },
  callback: (of: string, name: string, value: unknown): void =>
    checkOptions(of, { [name]: value }, { [name]: { ...option.callback, required: true } }),
};
