import { describe, expect, it, vi } from 'vitest';
import { hostClock } from './clock.js';
import { hostEnvironment } from './environment.js';
import { createRandomId } from './identity.js';
import { reportUncaught } from './report-error.js';
import { resolveUrl } from './url.js';

describe('hostEnvironment', () => {
  it('wakes on online, visible and pageshow, not on hidden, and leaves no listener', () => {
    const page = new EventTarget();
    const document = Object.assign(new EventTarget(), { visibilityState: 'hidden' as DocumentVisibilityState });
    const host = {
      addEventListener: page.addEventListener.bind(page),
      removeEventListener: page.removeEventListener.bind(page),
      document,
      navigator: { onLine: false },
    };
    const environment = hostEnvironment(host as unknown as NonNullable<Parameters<typeof hostEnvironment>[0]>);
    const woken: string[] = [];
    const stop = environment.onWake((why) => woken.push(why));
    document.dispatchEvent(new Event('visibilitychange'));
    expect(woken).toEqual([]);
    document.visibilityState = 'visible';
    document.dispatchEvent(new Event('visibilitychange'));
    page.dispatchEvent(new Event('pageshow'));
    page.dispatchEvent(new Event('online'));
    page.dispatchEvent(new Event('offline'));
    expect(woken.splice(3)).toEqual(['offline']);
    expect(woken).toEqual(['visible', 'visible', 'online']);
    expect(environment.isOnline()).toBe(false);
    stop();
    page.dispatchEvent(new Event('online'));
    document.dispatchEvent(new Event('visibilitychange'));
    expect(woken).toHaveLength(3);
  });

  it('is quiet in a host without any of it', () => {
    const environment = hostEnvironment({});
    environment.onWake(() => {})();
    expect(environment.isOnline()).toBeUndefined();
  });
});

describe('defaults', () => {
  it('PUB-2: ids have 22 characters of 64 and differ', () => {
    const ids = Array.from({ length: 100 }, createRandomId);
    for (const id of ids) expect(id).toMatch(/^[\w-]{22}$/);
    expect(new Set(ids).size).toBe(100);
  });

  it.each([
    ['http://a.test', '/longwave', 'http://a.test/longwave'],
    ['wss://a.test:9/x', '/rt', 'https://a.test:9/rt'],
    ['ws://a.test', '/longwave?region=eu', 'http://a.test/longwave?region=eu'],
  ])('resolves %s with %s', (base, path, url) => {
    expect(resolveUrl(base, path)).toBe(url);
  });

  it.each([
    ['https://a.test', 'https://a.test/longwave'],
    ['https://a.test/', 'https://a.test/longwave'],
    ['https://a.test/app', 'https://a.test/app/longwave'],
    ['https://a.test/app/?tenant=1#x', 'https://a.test/app/longwave?tenant=1'],
    ['wss://a.test/longwave', 'https://a.test/longwave'],
    ['wss://a.test/app/longwave?a=b', 'https://a.test/app/longwave?a=b'],
  ])('HTTP-1: %s names the endpoint %s', (base, url) => {
    expect(resolveUrl(base)).toBe(url);
  });

  it('HTTP-1: a query of the URL stays beside a path of its own, but for one that the path brings', () => {
    expect(resolveUrl('https://a.test/x?tenant=1', '/rt')).toBe('https://a.test/rt?tenant=1');
    expect(resolveUrl('https://a.test/x?tenant=1', '/rt?a=b')).toBe('https://a.test/rt?a=b');
  });

  it.each([
    ['nonsense', undefined],
    ['localhost:8080', undefined],
    ['ftp://a.test', undefined],
    ['nonsense', '/rt'],
    ['https://a.test', '//'],
  ])('CLI-10: says what it was given where %s with path %s is no address of a server', (base, path) => {
    expect(() => resolveUrl(base, path)).toThrow(
      new TypeError(`url is ${JSON.stringify(base + (path ?? ''))}: it must be an http or ws URL.`),
    );
  });

  it('reports through the host, as uncaught', () => {
    const report = vi.fn<(error: unknown) => void>();
    vi.stubGlobal('reportError', report);
    const error = new Error('handler');
    reportUncaught(error);
    vi.unstubAllGlobals();
    expect(report).toHaveBeenCalledWith(error);
  });

  it('CLI-4: writes to the console where the host has no reportError, and throws nothing there', () => {
    vi.stubGlobal('reportError', undefined);
    const log = vi.spyOn(console, 'error').mockReturnValue();
    vi.useFakeTimers();
    try {
      const error = new Error('handler');
      reportUncaught(error);
      vi.runAllTimers();
      expect(log.mock.calls).toEqual([[expect.stringContaining('handler'), error]]);
    } finally {
      vi.useRealTimers();
      vi.unstubAllGlobals();
      log.mockRestore();
    }
  });

  it('waits as long as it is told, beyond what a host timer holds', () => {
    vi.useFakeTimers();
    try {
      const callback = vi.fn<() => void>();
      const days = 86_400_000;
      hostClock.setTimer(callback, 60 * days);
      hostClock.setTimer(callback, 60 * days).cancel();
      const never = hostClock.setTimer(callback, Infinity);
      vi.advanceTimersByTime(59 * days);
      expect(callback).not.toHaveBeenCalled();
      vi.advanceTimersByTime(days);
      expect(callback).toHaveBeenCalledTimes(1);
      vi.advanceTimersByTime(100 * days);
      never.cancel();
      expect([callback.mock.calls.length, vi.getTimerCount()]).toEqual([1, 0]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('runs a timer once, unless cancelled', () => {
    vi.useFakeTimers();
    try {
      const callback = vi.fn<() => void>();
      hostClock.setTimer(callback, 10);
      hostClock.setTimer(callback, 10).cancel();
      const before = hostClock.now();
      vi.advanceTimersByTime(20);
      expect(hostClock.now() - before).toBe(20);
      expect(callback).toHaveBeenCalledTimes(1);
    } finally {
      vi.useRealTimers();
    }
  });
});
