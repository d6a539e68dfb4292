import { adviceOn } from './advice.js';
import { type Exchange, exchange } from './wire/exchange.js';
import type { Finding } from './finding.js';
import { admission, newClient, opening } from './wire/frames.js';
import { checkHeaders } from './headers.js';
import type { Target } from './wire/target.js';
import { type Vendor, bySender } from './who.js';

export interface StreamCheck {
  readonly findings: readonly Finding[];
  readonly works: boolean;
}

/** Another request of the same client ends the stream, on the node that serves it: with so many, one gets there. */
const endings = 4;

/** Milliseconds that are nothing to wonder at. */
const promptMs = 100;
/** How often a longer time is looked at again. */
const looks = 3;

/** Whether the bytes of a response are passed on as they come, or kept back until its end. */
export async function checkStream(target: Target, vendor: Vendor | undefined): Promise<StreamCheck> {
  const client = newClient();
  let admitted = false;
  const stream = exchange(target, {
    below: '/stream',
    body: opening(target, client),
    timeoutMs: target.timeoutMs * 2,
    enough: ({ type }) => (admitted ||= type === 'connected'),
  });
  const early = await Promise.race([stream, after(target.timeoutMs)]);
  if (early === undefined) {
    for (let i = 0; i < endings; i++)
      await exchange(target, { below: '/poll?hold=5000&now=1', body: opening(target, client) });
  }
  const seen = early ?? (await stream);
  const { status, frames, firstByteMs, headMs, endMs, end } = seen;
  const data = { status, headMs, firstByteMs, endMs, end };
  const entry = admission(frames);
  if (early !== undefined && entry !== undefined && 'node' in entry && end === 'stopped') {
    const heldMs = await heldBackMs(target, seen);
    if (heldMs > promptMs) {
      return { findings: [{ ...held(heldMs, vendor), data }, ...checkHeaders(seen, vendor)], works: true };
    }
    const saw = `bytes are passed on as they come, the first after ${firstByteMs} ms`;
    return { findings: [{ area: 'stream', verdict: 'ok', saw, data }, ...checkHeaders(seen, vendor)], works: true };
  }
  if (early !== undefined && entry !== undefined && 'refused' in entry) {
    const saw = 'it is answered; whether bytes are passed on as they come cannot be told without being let in';
    return { findings: [{ area: 'stream', verdict: 'note', saw, data }, ...checkHeaders(seen, vendor)], works: true };
  }
  return { findings: [{ ...explain(seen, vendor), data }, ...checkHeaders(seen, vendor)], works: false };
}

/**
 * Milliseconds by which the first bytes of a stream come later than a whole answer to the same question. A busy machine is late as
 * well, so that what is late is looked at again: what holds bytes back on purpose does so each time.
 */
async function heldBackMs(target: Target, { firstByteMs = 0 }: Exchange): Promise<number> {
  let stream = firstByteMs;
  let whole = Infinity;
  for (let i = 0; i < looks && stream > promptMs; i++) {
    const ask = (below: string): Promise<Exchange> =>
      exchange(target, { below, body: opening(target, newClient()), enough: ({ type }) => type === 'connected' });
    stream = Math.min(stream, (await ask('/stream')).firstByteMs ?? Infinity);
    whole = Math.min(whole, (await ask('/poll?now=1')).endMs);
  }
  return whole === Infinity ? 0 : stream - whole;
}

function held(heldMs: number, vendor: Vendor | undefined): Finding {
  return {
    area: 'stream',
    verdict: 'warn',
    saw: `the first bytes of a stream come ${heldMs} ms later than a whole answer`,
    means: 'Each message of a stream is late by as much: something in between waits for more to send.',
    change: adviceOn('delay', vendor),
  };
}

function explain(seen: Exchange, vendor: Vendor | undefined): Finding {
  const { status, headMs, firstByteMs, endMs, end, error, headers, frames } = seen;
  const failed = { area: 'stream', verdict: 'fail' } as const;
  if (status !== undefined && status !== 200) {
    const saw = `the stream was answered with ${status}${bySender(headers)}`;
    return { ...failed, saw, change: ['Have the proxy pass POST requests to this path on.'] };
  }
  if (end === 'cut')
    return { ...failed, saw: `the stream was cut after ${endMs} ms: ${error}`, change: adviceOn('patience', vendor) };
  const head = headMs === undefined ? 'not even its head came' : `its head came after ${headMs} ms`;
  const rest =
    frames.length > 0
      ? `its first bytes after ${firstByteMs} ms, when the server had ended it`
      : `of its body nothing within ${endMs} ms`;
  return {
    ...failed,
    saw: `the response is kept back: ${head}, ${rest}`,
    means: 'Something in between collects responses before it passes them on. Clients notice, and poll instead.',
    change: adviceOn(headers['content-encoding'] === undefined ? 'buffering' : 'compression', vendor),
  };
}

function after(delayMs: number): Promise<undefined> {
  return new Promise((resolve) => void setTimeout(() => resolve(undefined), delayMs).unref());
}
