#!/usr/bin/env node
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { findBug } from '../planted/find-bug.js';
import { plantedBugs } from '../planted/planted-bugs.js';
import { bugTable, describeFailure } from '../planted/report.js';
import { simulate } from '../simulation/simulation.js';
import { runSeeds } from './seeds.js';

const usage = `npm run simulate -- [options]

Simulates clusters with their clients in virtual time, one for each seed, and checks the promises.

  --seeds N     how many seeds to run (default 1000)
  --from S      the first of them (default 1)
  --workers N   processors to use (default: all)
  --seed S      run this one seed
  --trace       and print everything that happened in it
  --bugs        plant bugs one by one and print which seeds catch them
`;

/** Failures that are written out in full; more would hide the first. */
const describedFailures = 5;

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      workers: { type: 'string', default: String(availableParallelism()) },
      seed: { type: 'string' },
      trace: { type: 'boolean', default: false },
      bugs: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return true;
  }
  if (values.bugs) return bugs();
  if (values.seed !== undefined) return one(whole('seed', values.seed), values.trace);
  return many(whole('from', values.from), whole('seeds', values.seeds), whole('workers', values.workers));
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`--${name} must be a whole number, not '${text}'.`);
  return value;
}

async function one(seed: number, traced: boolean): Promise<boolean> {
  const trace: string[] = [];
  const { violations, steps, stored, virtualMs, hash } = await simulate({ seed, trace });
  if (traced) console.log(trace.join('\n'));
  for (const { invariant, subject, message, at } of violations) {
    console.log(`${invariant} violated at ${at.toFixed(1)}: ${subject}: ${message}`);
  }
  const run = `${steps} events, ${stored} operations, ${(virtualMs / 1000).toFixed(1)} s of virtual time`;
  console.log(`seed ${seed}: ${run}, hash ${(hash >>> 0).toString(16)}`);
  return violations.length === 0;
}

async function many(from: number, count: number, workers: number): Promise<boolean> {
  const startedAt = performance.now();
  const total = { steps: 0, stored: 0, switches: 0, virtualMs: 0, done: 0 };
  let failed = 0;
  await runSeeds(from, count, workers, async (result) => {
    total.done++;
    total.steps += result.steps;
    total.stored += result.stored;
    total.switches += result.switches;
    total.virtualMs += result.virtualMs;
    if (result.violations.length > 0 && ++failed <= describedFailures) console.log(await describeFailure(result));
    if (total.done % 10_000 === 0) console.log(`${total.done} seeds, ${failed} failed`);
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const hours = (total.virtualMs / 3_600_000).toFixed(1);
  console.log(
    `seeds ${from} to ${from + count - 1}: ${total.stored} operations, ${total.steps} events, ${total.switches} changes of transport, ${hours} h of virtual time`,
  );
  console.log(`${seconds.toFixed(1)} s, ${(count / seconds).toFixed(0)} seeds/s with ${workers} workers`);
  console.log(`${count - failed} passed, ${failed} failed`);
  return failed === 0;
}

async function bugs(): Promise<boolean> {
  const verdicts = [];
  for (const bug of plantedBugs) verdicts.push(await findBug(bug));
  console.log(bugTable(verdicts));
  for (const { asExpected, bug, message } of verdicts) if (!asExpected) console.log(`${bug.name}: ${message}`);
  const missed = verdicts.filter(({ asExpected }) => !asExpected).length;
  console.log(`${verdicts.length - missed} passed, ${missed} failed`);
  return missed === 0;
}

// Nobody reads the stacks of errors that are sent to peers, and they cost a tenth of the time.
Error.stackTraceLimit = 0;
process.exitCode = (await main()) ? 0 : 1;
