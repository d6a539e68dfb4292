import { type Excuse, excusedUntil } from '../checker/excuses.js';
import type { Violations } from '../checker/violations.js';
import type { Timeline } from '../report/timeline.js';
import { type ActOutcome, type InflictedFault, consequences, isOperatorAct } from './fault.js';

/** What may come of the acts of operators among the faults: on the channels that each was done to, and while it may be noticed. */
export function excusesOf(
  faults: readonly InflictedFault[],
  acts: ReadonlyMap<InflictedFault, ActOutcome>,
  strains: Timeline['strains'],
): Excuse[] {
  return faults.flatMap((fault) => {
    const { kind, from } = fault;
    const consequence = isOperatorAct(kind) ? consequences[kind] : undefined;
    if (consequence === undefined) return [];
    const touches = (channel: string): boolean => acts.get(fault)?.touches?.(channel) ?? true;
    return [{ consequence, from, to: excusedUntil(fault, [...faults, ...strains]), touches }];
  });
}

/** No publish may be acknowledged while there is no store. */
export function requireSilence(
  timeline: Timeline,
  silence: NonNullable<ActOutcome['silence']>,
  violations: Violations,
): void {
  const acked = timeline.ackedWithin(silence);
  if (acked > 0) violations.report('wrong-durability', 'all', `${acked} were acknowledged while there was no store`);
}
