import process from 'node:process';

export interface StoreClock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds since the machine was started, the same for all its processes, which nobody sets. Leases go by it. */
  steady(): number;
}

export const machineClock: StoreClock = {
  now: () => Date.now(),
  steady: () => {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1000 + Math.floor(nanoseconds / 1e6);
  },
};
