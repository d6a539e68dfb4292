import type { Incident } from './incident.js';
import type { Resumed } from './witness.js';

/** Tells what became of an incident: a sentence or two. */
export function incidentWords({ kind, phase, awayMs, isOther, resumed }: Incident): string {
  if (phase === 'away') {
    return kind === 'cut'
      ? 'The network is cut. The page goes on without it.'
      : 'The server was killed, with kill -9. It is started again.';
  }
  const back = `Back after ${secondsWords(awayMs)}${isOther ? ', in another process' : ''}.`;
  if (resumed.length === 0) return `${back} This page had nothing open.`;
  return [back, keptWords(resumed), newWords(resumed)].filter((words) => words !== '').join(' ');
}

function keptWords(resumed: readonly Resumed[]): string {
  const kept = resumed.filter(({ reset }) => reset === undefined);
  if (kept.length === 0) return '';
  const missed = kept.reduce((sum, each) => sum + each.missed, 0);
  const [only] = kept;
  const who =
    kept.length === 1
      ? `${only!.channel} went on at #${only!.offset}`
      : `${kept.length} channels went on where they were`;
  return missed === 0
    ? `${who}; nothing was missed.`
    : `${who}; ${countWords(missed)} that you missed came after, in order.`;
}

function newWords(resumed: readonly Resumed[]): string {
  const count = resumed.filter(({ reset }) => reset !== undefined).length;
  if (count === 0) return '';
  return `${count === 1 ? '1 channel' : `${count} channels`} began anew, and said so: the process had ${count === 1 ? 'it' : 'them'} in memory alone.`;
}

function countWords(count: number): string {
  return count === 1 ? '1 operation' : `${count.toLocaleString('en')} operations`;
}

function secondsWords(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** One line for each channel. */
export function resumedWords({ offset, missed, reset }: Resumed): string {
  if (reset !== undefined) return `began anew: ${reset}`;
  return `went on at #${offset}, ${missed === 0 ? 'nothing missed' : `${countWords(missed)} missed and sent`}`;
}
