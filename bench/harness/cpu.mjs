import { readFileSync, readdirSync } from 'node:fs';

/** Nanoseconds that all threads of a process have had, by the scheduler's own clock. @param {number} pid */
export function cpuNs(pid) {
  return readdirSync(`/proc/${pid}/task`).reduce(
    (sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
    0,
  );
}

/** Milliseconds that a process has spent in the kernel, counted in hundredths of a second. @param {number} pid */
export function kernelMs(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Fields behind the name, which may hold anything: the 13th is stime.
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[12]) * 10;
}
