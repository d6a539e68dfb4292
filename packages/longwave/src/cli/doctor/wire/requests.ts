import type { ReceivedFrame } from '@longwave/protocol';
import { adviceOn } from '../advice.js';
import { exchange } from './exchange.js';
import type { Finding } from '../finding.js';
import { admission, newClient, opening } from './frames.js';
import type { Target } from './target.js';
import { type Vendor, bySender } from '../who.js';

export interface RequestCheck {
  readonly findings: readonly Finding[];
  readonly works: boolean;
}

/** As many as a browser has connections to one server over HTTP/1.1, less the one that polls. */
const parallel = 5;
/** Text of the biggest body: a client sends less than 64 KiB at once. */
const bulk = 'é€😀'.repeat(1600);

/** Whether a poll is held and then answered, by nobody but the server. */
export async function checkPoll(target: Target, vendor: Vendor | undefined): Promise<RequestCheck> {
  const { holdMs } = target;
  const timeoutMs = target.timeoutMs + holdMs;
  const seen = await exchange(target, { below: `/poll?hold=${holdMs}`, body: opening(target, newClient()), timeoutMs });
  const { status, endMs, end, error, headers } = seen;
  const entry = admission(seen.frames);
  const data = { status, endMs, end };
  if (entry === undefined || end !== 'complete') {
    const why = status === undefined ? error || 'no answer' : `${status}${bySender(headers)}`;
    const saw = `a poll held for ${holdMs} ms did not come through: ${why}`;
    return {
      findings: [{ area: 'poll', verdict: 'fail', saw, change: adviceOn('patience', vendor), data }],
      works: false,
    };
  }
  const saw =
    'refused' in entry ? 'a poll is answered' : `a poll is held for ${holdMs} ms and answered after ${endMs} ms`;
  return { findings: [{ area: 'poll', verdict: 'ok', saw, data }], works: true };
}

/** Whether requests go side by side while a poll is held, come whole, and how many nodes answer them. */
export async function checkSend(target: Target, vendor: Vendor | undefined): Promise<RequestCheck> {
  const held = new AbortController();
  const poll = exchange(target, {
    below: `/poll?hold=${target.timeoutMs * 2}`,
    body: opening(target, newClient()),
    timeoutMs: target.timeoutMs * 2,
    signal: held.signal,
  });
  const calls = [1, 2, 3].map((id) => ({ type: 'call', id, method: `longwave doctor é😀 ${id}`, data: bulk }) as const);
  const body = (): string => opening(target, newClient(), ...calls, { type: 'ping' });
  const answers = await Promise.all(
    Array.from({ length: parallel }, () => exchange(target, { below: '/send', body: body() })),
  );
  held.abort();
  await poll;
  const entries = answers.map(({ frames }) => admission(frames));
  const nodes = new Set(entries.map((entry) => (entry !== undefined && 'node' in entry ? entry.node : '')));
  nodes.delete('');
  const through = entries.filter((entry) => entry !== undefined).length;
  const whole = answers.filter(({ frames }, i) => isRefused(entries[i]) || cameWhole(frames)).length;
  const statuses = answers.map(({ status, end }) => status ?? end);
  const data = { through, whole, statuses, nodes: [...nodes] };
  if (through === parallel && whole === parallel) {
    const where = nodes.size > 1 ? `, to ${nodes.size} nodes in turn` : '';
    const saw = `${parallel} requests of ${Math.round(Buffer.byteLength(body()) / 1024)} KiB go side by side and come whole${where}`;
    return { findings: [{ area: 'send', verdict: 'ok', saw, data }], works: true };
  }
  const odd = answers.find(({ status }) => status !== 200);
  const saw =
    through < parallel
      ? `of ${parallel} requests at a time ${through} came through: ${statuses.join(', ')}${odd ? bySender(odd.headers) : ''}`
      : `of ${parallel} requests ${parallel - whole} came damaged`;
  const limited = statuses.some((status) => status === 429 || status === 503);
  const change = adviceOn(through < parallel && limited ? 'limits' : 'body', vendor);
  const means = 'Without requests beside it, neither a stream nor a poll can publish.';
  return { findings: [{ area: 'send', verdict: 'fail', saw, means, change, data }], works: false };
}

function isRefused(entry: ReturnType<typeof admission>): boolean {
  return entry !== undefined && 'refused' in entry;
}

/** Each call is answered with its own name in it, and so is the frame after them. */
function cameWhole(frames: readonly ReceivedFrame[]): boolean {
  const named = [1, 2, 3].every((id) =>
    frames.some((frame) => frame.type === 'error' && frame.id === id && frame.message.includes(`é😀 ${id}`)),
  );
  return named && frames.some(({ type }) => type === 'pong');
}
