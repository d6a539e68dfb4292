import { readFileSync } from 'node:fs';
import { generatorCore, serverCore } from '../harness/cores.mjs';

/** /proc counts in hundredths of a second. */
const tickMs = 10;

/** Milliseconds that the two cores were busy, with whatever. */
function busyMs() {
  const lines = readFileSync('/proc/stat', 'utf8').split('\n');
  return [serverCore, generatorCore].reduce((sum, core) => {
    const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0] = (
      lines.find((line) => line.startsWith(`cpu${core} `)) ?? ''
    )
      .split(/\s+/)
      .slice(1)
      .map(Number);
    return sum + (user + nice + system + irq + softIrq) * tickMs;
  }, 0);
}

/** Milliseconds of this process, and of the servers that it started and that have ended. */
function ownMs() {
  const text = readFileSync('/proc/self/stat', 'utf8');
  // From the field behind the name, which may hold anything: utime, stime, cutime, cstime.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * tickMs, 0);
}

/** Begins to watch. The function that is returned tells the percentage of the two cores that somebody else used meanwhile. */
export function startNoise() {
  const [busy, own, at] = [busyMs(), ownMs(), performance.now()];
  return () => Math.max(0, ((busyMs() - busy - (ownMs() - own)) / (performance.now() - at) / 2) * 100);
}
