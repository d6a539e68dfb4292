import type { RunResult } from '../run.js';

const list = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ') || 'none';

/** Summarises a run in a few lines. */
export function summarise(result: RunResult): string {
  const { totals, tally, quiet, latencyMs, ackMs, crashes, violations, violationCounts } = result;
  const lines = [
    `${result.store}, seed ${result.seed}: ${result.nodes} nodes, ${result.subscriptions} subscriptions, ${Math.round(result.durationMs / 1000)} s`,
    `  published ${totals.published}, acked ${totals.acked}, delivered ${totals.delivered}, reconnects ${totals.reconnects}`,
    `  faults ${result.faults.length}: ${list(result.faultCounts)}`,
    `  in the logs at the end ${tally.stored}, acked in logs ${tally.acked}, lost as announced ${tally.announcedLosses}, unwitnessed ${tally.unwitnessed}`,
    `  resets: ${list(tally.resets)}; rejected: ${list(result.rejected)}; noticed by clients: ${list(result.diagnostics)}`,
    `  quiet channels: ${quiet.checked} sightings in calm, ${quiet.late.length} late, ${quiet.excused} not judged`,
    `  until delivered p50 ${latencyMs.p50?.toFixed(1)} ms, p99 ${latencyMs.p99?.toFixed(1)} ms; until acked p50 ${ackMs.p50?.toFixed(1)} ms, p99 ${ackMs.p99?.toFixed(1)} ms`,
    `  violations: ${list(violationCounts)}`,
    ...violations.slice(0, 40).map(({ kind, where, message }) => `    ${kind}: ${where}: ${message}`),
    ...crashes.slice(0, 20).map((crash) => `  CRASH ${crash}`),
  ];
  return lines.join('\n');
}
