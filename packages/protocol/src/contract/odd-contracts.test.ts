import { takenOddValues } from '@longwave/testkit';
import { describe, expect, it } from 'vitest';
import { call, defineCalls } from './calls.js';
import { defineChannels, log, map, signal, value } from './contract.js';
import type { Schema } from './schema.js';

const anything: Schema = { '~standard': { version: 1, vendor: 'test', validate: (given) => ({ value: given }) } };
/** As those of arktype, which are functions. */
const callable = Object.assign(() => undefined, anything);

const counts = ['0', '-0', 'above 31 bits'];
const durations = [...counts, 'a duration as text'];
/** Options of that name, and of nothing else. */
const presences = ['an empty object'];
const flags = ['false', 'true'];

type Row = readonly [name: string, define: (odd: never) => unknown, taken: readonly string[]];
const rows: readonly Row[] = [
  ['message', (message) => log({ message }), []],
  ['retain', (retain) => log({ retain }), ['an empty object']],
  ['retain.maxCount', (maxCount) => log({ retain: { maxCount } }), counts],
  ['retain.maxBytes', (maxBytes) => log({ retain: { maxBytes } }), counts],
  ['retain.age', (age) => log({ retain: { age } }), durations],
  ['presence', (presence) => log({ presence }), presences],
  ['demand', (demand) => log({ demand }), flags],
  ['member', (member) => log({ presence: { member } as never }), []],
  ['grace', (grace) => log({ presence: { grace } }), durations],
  ['message', (message) => signal({ message }), []],
  ['value', (schema) => map({ value: schema }), []],
  ['maxKeys', (maxKeys) => map({ maxKeys }), counts],
  ['maxBytes', (maxBytes) => map({ maxBytes }), counts],
  ['removals', (removals) => map({ removals }), counts],
  ['presence', (presence) => map({ presence }), presences],
  ['demand', (demand) => map({ demand }), flags],
  ['value', (schema) => value({ value: schema }), []],
  ['maxBytes', (maxBytes) => value({ maxBytes }), counts],
  ['presence', (presence) => value({ presence }), presences],
  ['demand', (demand) => value({ demand }), flags],
  ['the options', (options) => log(options), ['an empty object']],
  ['the options', (options) => signal(options), ['an empty object']],
  ['the options', (options) => map(options), ['an empty object']],
  ['the options', (options) => value(options), ['an empty object']],
  ['chat', (chat) => defineChannels({ chat }), []],
  ['input', (input) => call(input, () => 1), []],
  ['handle', (handle) => call(anything, handle), ['a function']],
  ['add', (add) => defineCalls({ add }), []],
];

describe('contracts of odd values', () => {
  it.each(rows)('%s: %s takes what it can be', (name, define, taken) => {
    const named = name === 'the options' ? '' : name.replace('retain.', '');
    expect(takenOddValues(named, (odd) => define(odd as never)).toSorted()).toEqual(taken.toSorted());
  });

  it('what is not known is refused, and the right name is told', () => {
    expect(() => log({ retain: { agee: '1d' } } as never)).toThrow("log: retain: there is no option 'agee'");
    expect(() => log({ mesage: anything } as never)).toThrow("log: there is no option 'mesage'");
    expect(() => map({ retain: {} } as never)).toThrow("map: there is no option 'retain'");
    expect(() => value({ maxKeys: 1 } as never)).toThrow("value: there is no option 'maxKeys'");
    expect(() => signal({ retain: {} } as never)).toThrow("signal: there is no option 'retain'");
    expect(() => log({ presence: { graze: '1s' } } as never)).toThrow("log: presence: there is no option 'graze'");
  });

  it('a refusal says the name, the value, and what is accepted', () => {
    expect(() => log({ retain: { age: '3 weeks' as '3s' } })).toThrow(
      "log: retain.age is '3 weeks'; it must be whole milliseconds of at least 0, or a text such as '30s'.",
    );
    expect(() => map({ maxKeys: -1 })).toThrow('map: maxKeys is -1; it must be a whole number of at least 0.');
    expect(() => value({ presence: { grace: -5 } })).toThrow('value: presence.grace is -5;');
    expect(() => defineChannels({ chat: {} as never })).toThrow(
      "defineChannels: 'chat' is an object; it must be made by log, map, value, doc or signal.",
    );
    expect(() => call(undefined as never, () => 1)).toThrow('call: input is undefined; it must be a Standard Schema');
  });

  it('channels and calls are plain objects, and a method has a name that a client can say', () => {
    expect(takenOddValues('defineChannels', (odd) => defineChannels(odd as never))).toEqual(['an empty object']);
    expect(takenOddValues('defineCalls', (odd) => defineCalls(odd as never))).toEqual(['an empty object']);
    for (const name of ['', 'x'.repeat(101)]) {
      expect(() => defineCalls({ [name]: call(anything, () => 1) })).toThrow(RangeError);
    }
    expect(Object.keys(defineCalls({ ['x'.repeat(100)]: call(anything, () => 1) }))).toHaveLength(1);
  });

  it('schemas are objects or functions', () => {
    expect(log({ message: callable }).message).toBe(callable);
    expect(map({ presence: callable }).presence?.member).toBe(callable);
    expect(value({ presence: { member: callable } }).presence?.member).toBe(callable);
  });
});
