import { createServer } from '@longwave/node';
import { defineChannels, log } from '@longwave/protocol';
import { expect, it, onTestFinished } from 'vitest';
import { longwave } from '../testing/run.js';

async function serve() {
  const channels = defineChannels({ 'chat/:room': log({ redactable: true }), plain: log() });
  const server = createServer({ channels, http: { apiKeys: ['secret'] } });
  onTestFinished(() => server.close());
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}`;
  const redact = async (...args: readonly string[]) => {
    const running = longwave('redact', ...args, '--url', url, '--key', 'secret');
    return { code: await running.ended, out: running.out.all, err: running.err.all };
  };
  return { server, url, redact };
}

it('longwave redact: takes the data of a message, and sub shows none', async () => {
  const { server, url, redact } = await serve();
  const chat = server.channel('chat/a');
  const { position } = await chat.publish('secret', { user: 'ada' });
  const watching = longwave('sub', 'chat/a', '--url', url, '--from', 'start');
  await watching.out.find(/"data":"secret"/);
  const done = { code: 0, err: [] };
  const { epoch } = position;
  expect(await redact('chat/a', '1', '--reason', 'spam', '--user', 'mod')).toEqual({ ...done, out: [`${epoch}:2`] });
  await watching.err.find(new RegExp(`redacted: ${epoch}:1, by mod: spam`));
  watching.kill('SIGINT');
  expect(await redact('chat/a', `${epoch}:1`)).toEqual({ ...done, out: ['redacted before'] });
  const later = longwave('sub', 'chat/a', '--url', url, '--from', 'start', '--count', '1');
  expect(await later.ended).toBe(0);
  const [line] = later.out.all;
  expect(JSON.parse(line!)).toEqual({
    ...{ channel: 'chat/a', offset: 1, epoch, time: expect.any(Number) as number, user: 'ada', redacted: true },
  });
});

it('longwave redact: says what is wrong', async () => {
  const { server, redact, url } = await serve();
  await server.channel('chat/a').publish(1);
  const failed = (code: number, err: string) => ({
    code,
    out: [],
    err: expect.arrayContaining([expect.stringContaining(err)]),
  });
  expect(await redact('chat/a', '7')).toEqual(failed(1, 'answered 410'));
  expect(await redact('chat/a', 'another:1')).toEqual(failed(1, 'answered 409'));
  expect(await redact('plain', '1')).toEqual(failed(1, 'not redactable'));
  expect(await redact('chat/a', '0')).toEqual(failed(2, 'whole number'));
  const keyless = longwave('redact', 'chat/a', '1', '--url', url);
  expect([await keyless.ended, keyless.err.all]).toEqual([1, [expect.stringContaining('--key or LONGWAVE_API_KEY')]]);
});
