import { LongwaveError } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../base/ports.js';
import { settle } from '../testing/late-parts.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { LatePart } from './late-part.js';

function setUp() {
  const clock = new VirtualClock();
  const diagnostics: Diagnostic[] = [];
  const errors: unknown[] = [];
  const loads: { give(part: string): void; fail(): void }[] = [];
  const load = (): Promise<string> =>
    new Promise((resolve, reject) => loads.push({ give: resolve, fail: () => reject(new Error('404')) }));
  const ports = {
    clock,
    onDiagnostic: (told: Diagnostic) => void diagnostics.push(told),
    reportError: (error: unknown) => void errors.push(error),
  };
  return { late: new LatePart(ports, () => 100, load), clock, diagnostics, errors, loads };
}

describe('a part that is loaded late', () => {
  it('CLI-21: is used in the order of the calls, those that are made by a use last', async () => {
    const { late, loads } = setUp();
    const log: string[] = [];
    late.use(() => {
      log.push('first');
      late.use(() => log.push('within'));
    });
    late.use(() => log.push('second'));
    expect([late.unused, loads.length, log]).toEqual([false, 1, []]);
    loads[0]!.give('part');
    await settle();
    late.use((part) => log.push(part));
    expect(log).toEqual(['first', 'second', 'within', 'part']);
  });

  it('goes on after a use that throws, and reports it', async () => {
    const { late, loads, errors } = setUp();
    const error = new Error('broken');
    const log: string[] = [];
    late.use(() => {
      throw error;
    });
    late.use((part) => log.push(part));
    loads[0]!.give('part');
    await settle();
    expect([log, errors, late.part]).toEqual([['part'], [error], 'part']);
  });

  it('is not loaded again for nobody', async () => {
    const { late, loads, clock, diagnostics } = setUp();
    const dropped: string[] = [];
    late.use(
      () => {},
      ({ code }) => dropped.push(code),
    );
    late.end(new LongwaveError('closed'));
    loads[0]!.fail();
    await settle();
    expect([dropped, clock.timers, diagnostics, loads.length]).toEqual([['closed'], 0, [], 1]);
  });

  it('an exception of what is asked of it is a rejection', async () => {
    const { late, loads } = setUp();
    const asked = late.ask({}, () => {
      throw new RangeError('no');
    });
    loads[0]!.give('part');
    await expect(asked).rejects.toThrow('no');
  });
});
