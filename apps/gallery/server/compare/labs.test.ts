import { LongwaveError } from 'longwave';
import { type Client, connect } from 'longwave/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeedMessage, LabAddress, LabChannels, LabReport } from '../../shared/compare.js';
import { type Labs, createLabs } from './labs.js';

const context = {
  connection: { id: 'c' },
  user: undefined,
  claims: { origin: 'http://gallery.test' },
  info: { transport: 'test', headers: {} },
};
const open = async (): Promise<LabAddress> => labs.calls['compare/open'].handle({}, context);
const set = async (lab: string, rate: number): Promise<unknown> =>
  labs.calls['compare/set'].handle({ lab, rate, delayMs: 0, bytesPerSecond: null }, context);

let labs: Labs;
let skippedMs: number;
let reports: LabReport[];
let onReport: () => void;
let clients: Client<LabChannels>[];
/** A lane has its first message. */
let onReady: () => void;

beforeEach(() => {
  [skippedMs, reports, clients, onReport] = [0, [], [], () => undefined];
  labs = createLabs({
    host: () => '127.0.0.1',
    report: (_, report) => {
      reports.push(report);
      onReport();
    },
    now: () => performance.now() + skippedMs,
  });
});

afterEach(async () => {
  for (const client of clients) client.close();
  await labs.close();
});

/** Resolves with the reports once there is one of the kind. */
const reported = (kind: LabReport['kind']): Promise<LabReport[]> =>
  new Promise((resolve) => {
    onReport = () => reports.some((report) => report.kind === kind) && resolve(reports);
    onReport();
  });

/** The first `count` numbers that arrive. */
function receive(port: number, transport: 'websocket' | 'stream' | 'poll', count: number): Promise<number[]> {
  const client = connect<LabChannels>(`http://127.0.0.1:${port}`, { transport });
  clients.push(client);
  return new Promise((resolve) => {
    const numbers: number[] = [];
    client.channel('feed').subscribe({ from: { last: 1 } }, ({ seq }) => {
      numbers.push(seq);
      if (numbers.length === 1) onReady();
      if (numbers.length === count) resolve(numbers);
    });
  });
}

describe('a lab', () => {
  it('has every lane begin with the same message and get the same ones, and says what passed', async () => {
    const { lab, ports } = await open();
    let waiting = 3;
    onReady = () => {
      if (--waiting === 0) void set(lab, 50);
    };
    const lanes = await Promise.all([
      receive(ports.websocket, 'websocket', 5),
      receive(ports.stream, 'stream', 5),
      receive(ports['long-polling'], 'poll', 5),
    ]);
    expect(lanes).toEqual([
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
    ]);
    const answer = await fetch(`http://127.0.0.1:${ports.polling}/messages?after=2`);
    const polled = (await answer.json()) as (FeedMessage & { offset: number })[];
    expect(polled.slice(0, 2)).toMatchObject([
      { offset: 3, seq: 3 },
      { offset: 4, seq: 4 },
    ]);
    const report = (await reported('lines')).findLast(({ kind }) => kind === 'lines');
    expect(report).toMatchObject({ lines: { websocket: { connections: 1 } } });
  });

  it('answers a poll without a place with the last message, to the page that it belongs to', async () => {
    const { ports } = await open();
    const answer = await fetch(`http://127.0.0.1:${ports.polling}/messages`);
    expect(answer.headers.get('access-control-allow-origin')).toBe('http://gallery.test');
    expect(await answer.json()).toMatchObject([{ offset: 1, seq: 1 }]);
    for (const bad of ['-1', 'x', '1e9']) {
      expect((await fetch(`http://127.0.0.1:${ports.polling}/messages?after=${bad}`)).status).toBe(400);
    }
    const foreign = { method: 'POST', headers: { origin: 'http://elsewhere.test' }, body: '' };
    expect((await fetch(`http://127.0.0.1:${ports.stream}/longwave/stream`, foreign)).status).toBe(403);
  });

  it('ends when its page is gone, and says so', async () => {
    const { lab } = await open();
    // The first report comes with the first look, which finds nobody; the next look is a quarter of a minute later.
    await reported('lines');
    skippedMs = 15_000;
    expect((await reported('ended')).at(-1)).toMatchObject({ because: 'Nobody was connected any more.' });
    await expect(set(lab, 1)).rejects.toThrow(LongwaveError);
  });

  it('is refused when there are too many, and makes room when it is closed', async () => {
    const all = await Promise.all(Array.from({ length: 16 }, open));
    await expect(open()).rejects.toMatchObject({ code: 'unavailable' });
    await labs.calls['compare/close'].handle({ lab: all[0]!.lab }, context);
    await expect(open()).resolves.toMatchObject({ lab: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });
});
