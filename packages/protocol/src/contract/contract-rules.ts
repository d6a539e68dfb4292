import { type OptionRule, option } from '../values/check-options.js';
import { describeValue, isPlainObject } from '../values/describe-value.js';
import { isSchema } from './is-schema.js';
import { isChannelName } from './pattern.js';

export const schema: OptionRule = {
  accepts: 'a Standard Schema, such as one of zod, valibot or arktype',
  fits: isSchema,
};
/** Which of them it can be is told by `checkBounds`. */
const bound: OptionRule = { accepts: 'a whole number of at least 0', fits: (value) => typeof value === 'number' };
/** Likewise by `toMilliseconds`. */
const duration: OptionRule = {
  accepts: "milliseconds or a text such as '30s'",
  fits: (value) => typeof value === 'number' || typeof value === 'string',
};

const traits = {
  presence: {
    accepts: 'a Standard Schema of what members say of themselves, or { member, grace }',
    fits: (value) => isSchema(value) || isPlainObject(value),
  } as OptionRule,
  demand: option.flag,
};

const retentionRules = { maxCount: bound, maxBytes: bound, age: duration };

export const logRules = { message: schema, retain: option.fields(retentionRules), redactable: option.flag, ...traits };
export const signalRules = { message: schema };
export const mapRules = {
  value: schema,
  maxKeys: bound,
  maxBytes: bound,
  removals: bound,
  ...traits,
};
export const valueRules = { value: schema, maxBytes: bound, ...traits };
export const docRules = { maxBytes: bound, awareness: option.flag };
export const presenceRules = { member: schema, grace: duration };

/** `prefix` stands in front of the name in the message. Throws `RangeError`. */
export function checkBounds(prefix: string, bounds: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(bounds)) {
    if (!(Number.isSafeInteger(value) && value >= 0)) {
      throw new RangeError(`${prefix}${name} is ${value}; it must be a whole number of at least 0.`);
    }
  }
}

/** Whether `log()`, `map()`, `value()`, `doc()` or `signal()` made it, or another mode's definition of the same shape. */
export function isDefinition(value: unknown): boolean {
  if (!isPlainObject(value) || typeof value['mode'] !== 'string') return false;
  if (value['mode'] === 'room') return isPlainObject(value['presence']);
  return isPlainObject(value['mode'] === 'log' || value['mode'] === 'doc' ? value['retain'] : value['bounds']);
}

/** Throws `TypeError` and `RangeError` that name the channel. */
export function checkDefinitions(channels: unknown): void {
  if (!isPlainObject(channels)) {
    throw new TypeError(`defineChannels: the channels are ${describeValue(channels)}; they must be a plain object.`);
  }
  const patterns = new Map<string, string>();
  for (const [pattern, definition] of Object.entries(channels)) {
    if (!isChannelName(pattern)) throw new RangeError(`'${pattern}' is not a valid channel pattern.`);
    const shape = pattern.replace(/(^|\/):[^/]+/g, '$1:');
    const same = patterns.get(shape);
    if (same !== undefined) throw new RangeError(`'${pattern}' has the names of '${same}' already.`);
    patterns.set(shape, pattern);
    if (isDefinition(definition)) continue;
    const told = describeValue(definition);
    throw new TypeError(`defineChannels: '${pattern}' is ${told}; it must be made by log, map, value, doc or signal.`);
  }
}
