import { LongwaveError } from 'longwave';
import { type Client, connect } from 'longwave/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeedMessage, LabAddress, LabChannels, LabReport } from '../../shared/compare.js';
import { type Labs, createLabs } from './labs.js';

interface Visitor {
  readonly connection?: string;
  readonly address?: string;
}
let connections = 0;
/** Each is a connection of its own unless the test names it. */
const contextOf = ({ connection = `c${++connections}`, address = '192.0.2.1' }: Visitor = {}) => ({
  connection: { id: connection },
  user: undefined,
  claims: { origin: 'http://gallery.test' },
  info: { transport: 'test', headers: {}, remoteAddress: address },
});
const context = contextOf();
const open = async (visitor?: Visitor): Promise<LabAddress> =>
  labs.calls['compare/open'].handle({}, contextOf(visitor));
const openMany = async (count: number, visitor?: Visitor): Promise<string[]> => {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) ids.push((await open(visitor)).lab);
  return ids;
};
const set = async (lab: string, rate: number): Promise<unknown> =>
  labs.calls['compare/set'].handle({ lab, rate, delayMs: 0, bytesPerSecond: null }, context);

let labs: Labs;
let skippedMs: number;
let reports: LabReport[];
/** Labs that were ended, with the reason. */
let ended: Map<string, string>;
let onReport: () => void;
let clients: Client<LabChannels>[];
/** A lane has its first message. */
let onReady: () => void;

beforeEach(() => {
  [skippedMs, reports, clients, ended, onReport] = [0, [], [], new Map(), () => undefined];
  labs = createLabs({
    host: () => '127.0.0.1',
    report: (lab, report) => {
      reports.push(report);
      if (report.kind === 'ended') ended.set(lab, report.because);
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
      if (numbers.length === count) resolve([...numbers]);
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
});

describe('where all 16 places are taken', () => {
  it('a connection has three of them at most, however often it asks', async () => {
    const visitor = { connection: 'greedy' };
    const asked = await Promise.allSettled(Array.from({ length: 17 }, () => open(visitor)));
    const opened = asked.filter(({ status }) => status === 'fulfilled');
    expect(opened).toHaveLength(3);
    await expect(open(visitor)).rejects.toMatchObject({ code: 'too-many' });
    const { lab } = (opened[0] as PromiseFulfilledResult<LabAddress>).value;
    await labs.calls['compare/close'].handle({ lab }, context);
    await expect(open(visitor)).resolves.toMatchObject({ lab: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  it('a visitor gets in, and somebody who took them over many connections gives up their oldest', async () => {
    const [own] = await openMany(1, { address: '192.0.2.7' });
    const greedy = await openMany(15, { address: '198.51.100.1' });
    const [other] = await openMany(1, { address: '192.0.2.8' });
    expect([...ended]).toEqual([[greedy[0], 'All 16 places were taken when another page asked for one.']]);
    // Whoever goes on asking ends their own alone.
    const more = await openMany(20, { address: '198.51.100.1' });
    expect(ended.size).toBe(21);
    expect([...ended.keys()]).toEqual([...greedy, ...more].slice(0, 21));
    await expect(set(own!, 1)).resolves.toBeDefined();
    await expect(set(other!, 1)).resolves.toBeDefined();
  });

  it('a visitor gets in behind a proxy too, where all have one address: one that stands still goes first', async () => {
    const used = await open();
    onReady = () => undefined;
    await receive(used.ports.websocket, 'websocket', 1);
    await set(used.lab, 1);
    const others = await openMany(15);
    await openMany(3);
    expect([...ended.keys()]).toEqual(others.slice(0, 3));
    await expect(set(used.lab, 2)).resolves.toBeDefined();
  });

  it('all who ask at once get in, or are told to ask again', async () => {
    await openMany(16);
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => open()));
    const refused = asked.flatMap((each) => (each.status === 'rejected' ? [each.reason as LongwaveError] : []));
    expect(refused.map(({ code, advice }) => [code, advice])).toEqual(refused.map(() => ['unavailable', 'retry']));
    expect(asked.length - refused.length).toBe(16);
  });
});
