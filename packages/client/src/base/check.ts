import { encodedSize } from './encoded-size.js';
import {
  keyLength,
  maxParams,
  messageIdLength,
  paramsBytes,
  readDuration,
  reasonLength,
  requireJson,
  tokenLength,
  viewLength,
} from '@longwave/protocol/client';

/** Says which values are accepted, for the message of a refusal. */
export type Rule = (value: unknown) => string | undefined;
type Fields = Readonly<Record<string, unknown>>;

/** Throws `TypeError` that names the argument, its value, and what is accepted. */
export function check(name: string, value: unknown, rule: Rule): void {
  const accepted = rule(value);
  if (accepted !== undefined) throw new TypeError(`${name} is ${show(value)}: it must be ${accepted}.`);
}

/** The value after its check. */
export function checked<T>(name: string, value: T, rule: Rule): T {
  check(name, value, rule);
  return value;
}

/** An object of optional fields, and unless it is `open` of no others: a name that is misspelt would do nothing, in silence. */
export const fields =
  (rules: Readonly<Record<string, Rule>>, prefix = '', open = false): Rule =>
  (value) => {
    if (typeof value !== 'object' || value === null || Symbol.iterator in value) return 'an object';
    const unknown = open ? undefined : Object.keys(value).find((name) => !Object.hasOwn(rules, name));
    if (unknown !== undefined) return `an object of ${Object.keys(rules).join(', ')}, without ${unknown}`;
    for (const [name, rule] of Object.entries(rules)) {
      const field = (value as Fields)[name];
      if (field !== undefined) check(prefix + name, field, rule);
    }
    return undefined;
  };

/** Longest texts are shown from their beginning. */
function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  return Object(value) !== value ? String(value) : Object.prototype.toString.call(value).slice(8, -1).toLowerCase();
}

const oneOf =
  (fits: (value: never) => boolean, accepted: string): Rule =>
  (value) =>
    fits(value as never) ? undefined : accepted;

/** Infinity included. */
export const atLeast = (min: number): Rule =>
  oneOf((value) => typeof value === 'number' && value >= min, `a number of at least ${min}`);
/** A `Duration` of at least `min` milliseconds, Infinity included unless it has to be `whole`. */
export const duration = (min: number, isWhole = false): Rule =>
  oneOf(
    (value) => readDuration(value) >= min && (!isWhole || Number.isSafeInteger(readDuration(value))),
    `${isWhole ? 'whole ' : ''}milliseconds of at least ${min} or a text such as '30s'`,
  );
export const whole = (min: number): Rule =>
  oneOf((value) => Number.isSafeInteger(value) && value >= min, `a whole number of at least ${min}`);
/**
 * A text of at most `max` UTF-16 units. Half a surrogate pair is refused: UTF-8 cannot express it, so the text would
 * arrive changed.
 */
export const text = (max: number, min = 1): Rule =>
  oneOf(
    (value: string) =>
      typeof value === 'string' && value.length >= min && value.length <= max && !/\p{Surrogate}/u.test(value),
    `a well-formed text of ${min} to ${max} units`,
  );
export const callback: Rule = oneOf((value) => typeof value === 'function', 'a function');
export const having = (...methods: readonly string[]): Rule =>
  oneOf(
    (value: Fields | null | undefined) => methods.every((name) => typeof value?.[name] === 'function'),
    `an object with ${methods.join(' and ')}`,
  );
export const either =
  (a: Rule, b: Rule): Rule =>
  (value) => {
    const accepted = a(value);
    const other = accepted && b(value);
    return other && `${accepted} or ${other}`;
  };
export const exactly = (...values: readonly unknown[]): Rule =>
  oneOf((value) => values.includes(value), values.join(' or '));

/** SES-17. */
export const connectParams: Rule = (value) => {
  const wrong =
    typeof value !== 'object' ||
    value === null ||
    Object.keys(value).length > maxParams ||
    Object.entries(value).some((entry) => entry.some(text(Infinity, 0))) ||
    encodedSize(JSON.stringify(value)) > paramsBytes;
  return wrong ? `an object of at most ${maxParams} well-formed texts, ${paramsBytes} bytes as JSON` : undefined;
};
export const isToken = text(tokenLength, 0);
export const key = text(keyLength);
const request = { timeout: duration(0), signal: having('addEventListener') };
export const requestOptions = fields(request);
export const changeOptions = fields({
  ...request,
  id: text(messageIdLength),
  expect: whole(0),
  ttl: duration(1, true),
});
const position = { epoch: text(320), offset: whole(0) };
export const historyOptions = fields({
  ...request,
  before: whole(0),
  after: whole(0),
  since: whole(0),
  until: whole(0),
  limit: whole(0),
  epoch: position.epoch,
});

const from: Rule = (value) => {
  if (value === 'now' || value === 'start') return undefined;
  const { epoch, offset, last } = Object(value) as Fields;
  const wrong =
    last === undefined || epoch !== undefined ? (position.epoch(epoch) ?? position.offset(offset)) : whole(0)(last);
  return wrong && "'now', 'start', { last } or a position";
};
const told = { onSubscribed: callback, onReset: callback, onEnd: callback };
export const enterOptions = fields({ away: exactly(true, false), onEnd: callback });
export const subscribeOptions = fields({ ...told, from, onRedact: callback, bufferLimit: whole(1) });
export const redactTarget = fields({ epoch: position.epoch, offset: whole(1) }, '', true);
export const redactOptions = fields({ ...request, reason: text(reasonLength) });
export const object = fields({}, '', true);
const view = {
  keys: oneOf(
    (value: readonly unknown[]) => Array.isArray(value) && value.length <= 1000 && !value.some(key),
    'a list of at most 1000 keys',
  ),
  rate: oneOf((value) => typeof value === 'number' && value > 0 && value <= 1000, 'a number above 0, at most 1000'),
  where: object,
  area: object,
  count: exactly(true, false),
};
export const watchOptions = fields({ ...told, ...view });

/** The arguments of a method that takes options, a handler, or both. */
export function argumentsOf<Options, Handler>(
  first: Options | Handler,
  second: Handler | undefined,
  rule: Rule,
): [Options, Handler | undefined] {
  const [options, handler] =
    typeof first === 'function' ? [{} as Options, first as Handler] : [first as Options, second];
  check('options', options, rule);
  if (handler !== undefined) check('handler', handler, callback);
  return [options, handler];
}

/** VIEW-1, but for what the server alone understands. */
export function checkView(value: unknown): void {
  check('view', value, fields(view));
  requireJson(value, 'view');
  if (JSON.stringify(value).length > viewLength) {
    throw new TypeError(`view takes more than ${viewLength} units as JSON.`);
  }
}
