import { describeValue, isPlainObject } from './describe-value.js';
import { readDuration } from './duration.js';

/** Rule for the values of one option. */
export interface OptionRule {
  /** For people: the text after "must be". */
  readonly accepts: string;
  readonly fits: (value: unknown) => boolean;
  /** Rules for the fields of an object. */
  readonly fields?: OptionRules;
  /** It is never left out. */
  readonly required?: boolean;
  /** Its value stands in no message. */
  readonly secret?: boolean;
}

export type OptionRules = Readonly<Record<string, OptionRule>>;

/** A rule for every option there is: one that is added without a rule does not compile. */
export type RulesOf<Options> = { readonly [Name in keyof Required<Options>]: OptionRule };

/**
 * Holds options to their rules, with the name of whose they are, such as `createServer`. Undefined is an option that
 * was left out. Throws `TypeError` that names the option, its value and what is accepted; an unknown name is refused,
 * for it is a slip of the pen.
 */
export function checkOptions(of: string, options: unknown, rules: OptionRules): void {
  if (!isPlainObject(options)) {
    throw new TypeError(`${of}: the options are ${describeValue(options)}; they must be a plain object.`);
  }
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(rules, name)) throw new TypeError(unknownOption(of, name, Object.keys(rules)));
  }
  for (const [name, rule] of Object.entries(rules)) check(of, name, options[name], rule);
}

function check(of: string, name: string, value: unknown, rule: OptionRule): void {
  if (value === undefined && !rule.required) return;
  if (!rule.fits(value)) {
    throw new TypeError(`${of}: ${name} is ${describeValue(value, rule)}; it must be ${rule.accepts}.`);
  }
  if (rule.fields) checkOptions(`${of}: ${name}`, value, rule.fields);
}

function unknownOption(of: string, name: string, known: readonly string[]): string {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z]/g, '');
  const near = known.find((other) => plain(other).slice(0, 5) === plain(name).slice(0, 5));
  const hint = near === undefined ? '' : ` Is it '${near}'?`;
  return `${of}: there is no option '${name}'.${hint} There are: ${known.join(', ')}.`;
}

/** Timers hold 31 bits of milliseconds. */
const maxMs = 2 ** 31 - 1;

/** The rules that options are made of. */
export const option = {
  wholeNumber: (min: number, max = Number.MAX_SAFE_INTEGER): OptionRule => ({
    accepts:
      max === Number.MAX_SAFE_INTEGER ? `a whole number of at least ${min}` : `a whole number from ${min} to ${max}`,
    fits: (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
  }),
  /** A count that may be turned off by `Infinity`. */
  limit: (min: number): OptionRule => ({
    accepts: `a whole number of at least ${min}, or Infinity`,
    fits: (value) => value === Infinity || (Number.isSafeInteger(value) && (value as number) >= min),
  }),
  rate: {
    accepts: 'a number above 0, or Infinity',
    fits: (value) => typeof value === 'number' && value > 0,
  } as OptionRule,
  milliseconds: (min = 1, max = maxMs): OptionRule => ({
    accepts: `milliseconds, a whole number from ${min} to ${max}`,
    fits: (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
  }),
  /** A {@link Duration}. */
  duration: (min = 1, max = maxMs): OptionRule => ({
    accepts: `milliseconds, a whole number from ${min} to ${max}, or a text such as '30s'`,
    fits: (value) => {
      const milliseconds = readDuration(value);
      return Number.isSafeInteger(milliseconds) && milliseconds >= min && milliseconds <= max;
    },
  }),
  text: {
    accepts: 'a text that is not empty',
    fits: (value) => typeof value === 'string' && value !== '',
  } as OptionRule,
  flag: { accepts: 'true or false', fits: (value) => typeof value === 'boolean' } as OptionRule,
  callback: { accepts: 'a function', fits: (value) => typeof value === 'function' } as OptionRule,
  oneOf: (...values: readonly unknown[]): OptionRule => ({
    accepts: `one of ${values.map((value) => describeValue(value)).join(', ')}`,
    fits: (value) => values.includes(value),
  }),
  /** An object that is looked at elsewhere, or nowhere. */
  object: {
    accepts: 'an object',
    fits: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  } as OptionRule,
  /** A plain object with these fields and no others. */
  fields: (fields: OptionRules): OptionRule => ({ accepts: 'an object', fits: isPlainObject, fields }),
  /** A plain object that has one such value by each name. */
  record: (accepts: string, fits: (value: unknown) => boolean): OptionRule => ({
    accepts,
    fits: (value) => isPlainObject(value) && Object.values(value).every(fits),
  }),
  list: (accepts: string, fits: (value: unknown) => boolean): OptionRule => ({
    accepts,
    fits: (value) => Array.isArray(value) && value.every(fits),
  }),
  /** Something with these methods, of whichever class. */
  methods: (accepts: string, ...names: readonly string[]): OptionRule => ({
    accepts: `${accepts}, with ${names.join(', ')}`,
    fits: (value) => hasMethods(value, names),
  }),
  /** Looked at by whoever takes it. */
  any: { accepts: 'anything', fits: () => true } as OptionRule,
};

function hasMethods(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return names.every((name) => typeof (value as Readonly<Record<string, unknown>>)[name] === 'function');
}
