import { type Excuse, excusedUntil } from '../checker/excuses.js';
import type { Violations } from '../checker/violations.js';
import type { Timeline } from '../report/timeline.js';
import { type ActOutcome, type InflictedFault, consequences, isOperatorAct } from './fault.js';

/** Resets that the acts of operators may lead to: on the channels of each act, and while it may be noticed. */
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
