import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { longwave, serve, start } from './testing/run.js';

interface Ack {
  readonly line: number;
  readonly epoch: string;
  readonly offset: number;
  readonly duplicate: boolean;
}

interface Printed {
  readonly epoch: string;
  readonly offset: number;
  readonly data: string;
}

const parse = <T>(lines: readonly string[]): T[] => lines.map((line) => JSON.parse(line) as T);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

it('carries tail -f through a kill -9 of the server: what was acknowledged arrives once, the gap is told', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'longwave-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'app.log');
  await writeFile(file, '');
  const write = (from: number, to: number): Promise<void> =>
    appendFile(
      file,
      range(from, to)
        .map((n) => `entry ${n}\n`)
        .join(''),
    );

  const first = await serve();
  const port = Number(new URL(first.url).port);
  const sub = longwave('sub', 'logs/app', '--url', first.url, '--json-events', '--position');
  await sub.err.find(/"event":"position"/);
  const pub = longwave('pub', 'logs/app', '--url', first.url, '--acks');
  const tail = start('tail', ['-n', '+1', '-f', file]);
  tail.child.stdout!.pipe(pub.child.stdin!);

  await write(1, 50);
  await sub.out.until((lines) => lines.length >= 50);
  // A burst, and the server is gone in its midst: some of it stored, some on its way.
  await write(51, 250);
  await pub.out.until((lines) => lines.length >= 60);
  first.kill('SIGKILL');
  expect(await first.ended).toBe('SIGKILL');
  await write(251, 300);
  await serve(port);
  await write(301, 350);
  await pub.out.until((lines) => lines.length >= 350);

  const acks = parse<Ack>(pub.out.all);
  const [{ epoch: before }] = acks as [Ack];
  const after = acks.find(({ line }) => line === 350)!.epoch;
  expect(after).not.toBe(before);
  expect(acks.map(({ line }) => line).toSorted((a, b) => a - b)).toEqual(range(1, 350));

  const ackedAfter = acks.filter(({ epoch }) => epoch === after);
  const printed = (epoch: string) => parse<Printed>(sub.out.all).filter((message) => message.epoch === epoch);
  await sub.out.until(() => printed(after).length >= ackedAfter.length);
  expect(ackedAfter.length).toBeGreaterThanOrEqual(100);
  // Every acknowledged line, once, in order, at the place that its acknowledgement named.
  expect(printed(after).map(({ offset, data }) => [offset, data])).toEqual(
    ackedAfter.map(({ line, offset }) => [offset, `entry ${line}`]),
  );
  expect(printed(after).map(({ offset }) => offset)).toEqual(range(1, ackedAfter.length));
  // Of the log that died with its server: a prefix without a gap.
  const old = printed(before);
  expect(old.map(({ offset, data }) => [offset, data])).toEqual(range(1, old.length).map((n) => [n, `entry ${n}`]));

  const resets = sub.err.all.filter((line) => line.includes('"event":"reset"'));
  expect(parse(resets)).toEqual([
    {
      event: 'reset',
      reason: 'epoch-changed',
      previous: { epoch: before, offset: old.length },
      position: { epoch: after, offset: 0 },
    },
  ]);

  tail.kill('SIGTERM');
  expect(await pub.ended).toBe(0);
  sub.kill('SIGINT');
  expect(await sub.ended).toBe(0);
  expect(JSON.parse(sub.err.all.at(-1)!)).toEqual({ event: 'position', epoch: after, offset: ackedAfter.length });
}, 60_000);
