import type { Engine } from '@longwave/core';
import { LongwaveError } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { createReadiness } from './readiness.js';

/** The part of an engine that readiness looks at; each probe ends as the test says. */
function probed() {
  const probes: { resolve(took: number): void; reject(error: Error): void }[] = [];
  const engine = {
    accepting: true,
    probe: () => new Promise<number>((resolve, reject) => void probes.push({ resolve, reject })),
  };
  let now = 0;
  const errors: unknown[] = [];
  const ready = createReadiness(engine as unknown as Engine, {
    logger: { error: (_, cause) => errors.push(cause), info: () => undefined },
    now: () => now,
    timeoutMs: 2000,
    cacheMs: 1000,
  });
  return { engine, probes, errors, ready, advance: (byMs: number) => (now += byMs) };
}

describe('readiness', () => {
  it('probes once for all who ask while it runs, and for a second after', async () => {
    const { probes, ready, advance } = probed();
    const asked = Array.from({ length: 50 }, () => ready());
    advance(1500);
    asked.push(ready());
    probes[0]!.resolve(3);
    expect(new Set(await Promise.all(asked))).toEqual(new Set([{ status: 'ready', deliveryMs: 3 }]));
    advance(999);
    expect(await ready()).toEqual({ status: 'ready', deliveryMs: 3 });
    expect(probes).toHaveLength(1);
    advance(1);
    const later = ready();
    expect(probes).toHaveLength(2);
    probes[1]!.reject(new LongwaveError('timeout'));
    expect(await later).toEqual({ status: 'failing', code: 'timeout' });
  });

  it('ERR-1: keeps to itself what the store said', async () => {
    const { probes, ready, errors } = probed();
    const asked = ready();
    probes[0]!.reject(new Error('ECONNREFUSED 10.0.0.7'));
    expect(await asked).toEqual({ status: 'failing', code: 'unavailable' });
    expect(errors).toEqual([new Error('ECONNREFUSED 10.0.0.7')]);
  });

  it('says draining at once, whatever is cached', async () => {
    const { engine, probes, ready } = probed();
    const asked = ready();
    probes[0]!.resolve(1);
    await asked;
    engine.accepting = false;
    expect(await ready()).toEqual({ status: 'draining' });
  });
});
