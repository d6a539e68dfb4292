import type { Violation } from '../checking/checker.js';
import type { BugVerdict } from './find-bug.js';
import type { SimulationResult } from '../simulation/simulation.js';
import { simulate } from '../simulation/simulation.js';

/** The seed again, written down: what was violated, what led to it, how to see it again. */
export async function describeFailure({ seed, violations }: SimulationResult, lines = 60): Promise<string> {
  const trace: string[] = [];
  await simulate({ seed, trace });
  const [violation] = violations;
  const told = violation ? traceOf(violation, trace) : trace;
  return [
    `seed ${seed}: ${violation ? `${violation.invariant} violated: ${violation.subject}: ${violation.message}` : ''}`,
    ...told.slice(-lines).map((line) => `  ${line}`),
    `  again: npm run simulate -- --seed ${seed} --trace`,
  ].join('\n');
}

/** The lines about the client or node and the channel concerned, and what happened around them. */
function traceOf({ subject }: Violation, trace: readonly string[]): readonly string[] {
  const [who = '', channel] = subject.split(' ');
  const parts = trace.filter((line) => {
    if (line.includes(who))
      return channel === undefined || line.includes(channel) || !/ (message|subscribed) /.test(line);
    return /VIOLATION|is killed|loses power|freezes|drains|starts,|the faults are over|^ +0\.0 /.test(line);
  });
  return parts.length > 5 ? parts : trace;
}

export function bugTable(verdicts: readonly BugVerdict[]): string {
  const rows = verdicts.map(({ bug, seeds, invariant, asExpected }) => [
    bug.name,
    bug.story,
    bug.caughtBy ? `${invariant ?? '-'}${asExpected ? '' : ` (expected ${bug.caughtBy.join(' or ')})`}` : 'absorbed',
    bug.caughtBy
      ? `${seeds ?? 'none'} of ${bug.withinSeeds}`
      : `${seeds === undefined ? 'nothing seen' : 'seen'} in ${bug.withinSeeds}`,
  ]);
  const table = [['planted bug', 'what goes wrong', 'caught by', 'seeds needed'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
