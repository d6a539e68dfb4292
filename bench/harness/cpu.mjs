import { readFileSync, readdirSync } from 'node:fs';

/** Nanoseconds that all threads of a process have had, by the scheduler's own clock. @param {number} pid */
export function cpuNs(pid) {
  return readdirSync(`/proc/${pid}/task`).reduce(
    (sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
    0,
  );
}
