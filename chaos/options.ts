import { parseArgs } from 'node:util';
import { type StoreName, storeNames } from './stores/index.js';

const scenarios = ['kill-node', 'rolling', 'failover', 'documents'] as const;

export interface Options {
  /** The task: one run, the short form of `npm test`, the planted bugs, or one of the scenarios. */
  readonly what: 'run' | 'short' | 'bugs' | (typeof scenarios)[number];
  readonly seed: string;
  readonly minutes: number;
  readonly store: StoreName | undefined;
  readonly nodes: number;
  readonly clients: number | undefined;
  readonly rate: number | undefined;
  readonly faultsPerMinute: number;
  readonly operator: boolean;
  readonly times: number;
  readonly tickMs: number | undefined;
  readonly html: string | undefined;
  readonly json: string | undefined;
}

export const usage = `npm run chaos -- [--seed S] [--minutes M] [--store ${storeNames.join('|')}] [--nodes 3]
    [--clients N] [--rate MESSAGES-A-SECOND] [--faults-per-minute F] [--operator]
    [--html FILE] [--json FILE]
npm run chaos -- --bugs | --short
npm run chaos -- --scenario kill-node|rolling [--store S] [--nodes 3] [--clients N] [--tick MS]
npm run chaos -- --scenario failover [--times 50] [--seed S]
npm run chaos -- --scenario documents [--store lmdb|redis] [--times 50] [--clients N] [--seed S]`;

/** Throws with what is wrong with them. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '1' },
      store: { type: 'string' },
      nodes: { type: 'string', default: '3' },
      clients: { type: 'string' },
      rate: { type: 'string' },
      'faults-per-minute': { type: 'string', default: '12' },
      times: { type: 'string', default: '50' },
      tick: { type: 'string' },
      scenario: { type: 'string' },
      operator: { type: 'boolean', default: false },
      bugs: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      html: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const scenario = values.scenario === undefined ? undefined : oneOf('scenario', scenarios, values.scenario);
  return {
    what: scenario ?? (values.short ? 'short' : values.bugs ? 'bugs' : 'run'),
    seed: values.seed,
    minutes: number('minutes', values.minutes),
    store: values.store === undefined ? undefined : oneOf('store', storeNames, values.store),
    nodes: number('nodes', values.nodes),
    clients: values.clients === undefined ? undefined : number('clients', values.clients),
    rate: values.rate === undefined ? undefined : number('rate', values.rate),
    faultsPerMinute: number('faults-per-minute', values['faults-per-minute'], 0),
    operator: values.operator,
    times: number('times', values.times),
    tickMs: values.tick === undefined ? undefined : number('tick', values.tick),
    ...{ html: values.html, json: values.json },
  };
}

function number(name: string, text: string, min = Number.MIN_VALUE): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= min) return value;
  throw new Error(`--${name} is '${text}': it has to be a number${min > 0 ? ' above 0' : ''}.`);
}

function oneOf<const T extends string>(name: string, all: readonly T[], text: string): T {
  const found = all.find((each) => each === text);
  if (found === undefined) throw new Error(`--${name} is '${text}': it has to be one of ${all.join(', ')}.`);
  return found;
}
