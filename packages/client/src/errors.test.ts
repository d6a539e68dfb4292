import { LongwaveError } from '@longwave/protocol';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientOptions } from './base/options.js';
import { Harness } from './testing/harness.js';

const warn = vi.spyOn(console, 'warn');
beforeEach(() => void warn.mockReset().mockImplementation(() => undefined));
afterAll(() => warn.mockRestore());

/** A client whose application gave no `onDiagnostic`. */
function unheard(options: ClientOptions = {}): Harness {
  return new Harness({ onDiagnostic: undefined as never, ...options });
}

const kindsOf = (told: readonly { readonly kind: string }[]): string[] => told.map(({ kind }) => kind);

function refuse(h: Harness): void {
  h.link.open();
  h.link.say({ type: 'error', code: 'forbidden', message: 'Not you.' });
}

describe("on('error')", () => {
  it('is told beside onDiagnostic, until its function is called', () => {
    const h = new Harness();
    const told: { readonly kind: string }[] = [];
    const stop = h.client.on('error', (error) => told.push(error));
    h.accept();
    h.link.sayRaw('nonsense');
    stop();
    h.link.sayRaw('more of it');
    expect(kindsOf(told)).toEqual(['bad-frame']);
    expect(kindsOf(h.diagnostics)).toEqual(['bad-frame', 'bad-frame']);
    expect(warn).not.toHaveBeenCalled();
  });

  it('CLI-2: is told that the client was refused for good, and why', () => {
    const h = new Harness();
    const told: unknown[] = [];
    h.client.on('error', (error) => told.push(error));
    refuse(h);
    const { state } = h.client;
    expect(state).toMatchObject({ status: 'closed', error: { code: 'forbidden' } });
    expect(told).toEqual([{ kind: 'closed', message: 'Not you.', cause: expect.any(LongwaveError) }]);
  });

  it('is told of trouble that lasts, by a client that no server has let in', () => {
    const h = new Harness();
    const told: unknown[] = [];
    h.client.on('error', (error) => told.push(error));
    h.clock.advance(300_000);
    expect(told).toMatchObject([{ kind: 'unreachable', message: 'Connecting took too long.' }]);
    h.accept();
    h.link.drop();
    h.clock.advance(300_000);
    expect(told).toHaveLength(1);
  });

  it('is not told of close()', () => {
    const h = new Harness();
    h.accept();
    h.client.close();
    expect(h.diagnostics).toEqual([]);
  });
});

describe('where nobody listens', () => {
  it('the console is warned once of each kind', () => {
    const h = unheard();
    h.accept();
    h.link.sayRaw('nonsense');
    h.link.sayRaw('more of it');
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toContain('Longwave: bad-frame');
  });

  it('it is not warned of a silent link, which is ordinary', () => {
    const h = unheard();
    h.accept();
    h.clock.advance(60_000);
    expect(h.transport.links.length).toBeGreaterThan(1);
    expect(warn).not.toHaveBeenCalled();
  });

  it('it is warned of a refused client, unless somebody listens to the state', () => {
    const alone = unheard();
    refuse(alone);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toMatch(/ and docs\/errors\.md#[a-z-]+\)$/);
    const h = unheard();
    h.client.onState(() => undefined);
    refuse(h);
    expect(warn).toHaveBeenCalledTimes(1);
  });
});
