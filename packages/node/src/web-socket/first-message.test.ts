import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { connect } from 'node:net';
import { LongwaveError, createClientCodec, defineChannels, log } from '@longwave/protocol';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createServer } from '../server/create-server.js';
import { readFirst } from './first-message.js';

const json = createClientCodec('json');
const join = json.join([
  json.encode({ type: 'connect', version: 1, client: 'c', token: 't' }),
  json.encode({ type: 'subscribe', id: 1, channel: 'chat/é' }),
]) as string;

const offer = (text: string, protocol = 'longwave.v1.json'): string =>
  `${protocol}, ${protocol}.first, longwave.first.${text}`;
const inUrl = (bytes: string | Uint8Array): string => Buffer.from(bytes as string).toString('base64url');

describe('readFirst', () => {
  it('WIRE-17: reads whatever message was put into the offer', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 3072 });
    fc.assert(
      fc.property(bytes, (message) => {
        expect(readFirst(offer(inUrl(message), 'longwave.v1.binary'))).toEqual(Buffer.from(message));
      }),
    );
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme', maxLength: 200 }), (message) => {
        expect(readFirst(offer(inUrl(message)))).toBe(message);
      }),
    );
  });

  it.each([
    ['no offer', undefined],
    ['none in it', 'longwave.v1.json'],
    ['nothing after its name', offer('')],
    ['more than 3,072 bytes', offer(inUrl(new Uint8Array(3073)), 'longwave.v1.binary')],
    ['base64 with padding', offer('aGk=')],
    ['the other alphabet', offer('+/+/')],
    ['bits that no byte holds', offer('aGl')],
    ['bytes that are no text, in json', offer(inUrl(Uint8Array.of(0xff, 0xfe)))],
  ])('WIRE-18: leaves %s to be sent later', (_, given) => {
    expect(readFirst(given)).toBeUndefined();
  });
});

/** Opens a connection by hand. Returns a function that waits until the answer matches `enough`, and returns the answer. */
async function open(port: number, protocols: string, padding = ''): Promise<(enough: RegExp) => Promise<string>> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  const chunks: Buffer[] = [];
  let heard = (): void => undefined;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    heard();
  });
  socket.write(
    'GET /longwave HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Protocol: ${protocols}\r\n${padding}\r\n`,
  );
  return async (enough) => {
    const text = (): string => Buffer.concat(chunks).toString('latin1');
    while (!enough.test(text())) await new Promise<void>((resolve) => (heard = resolve));
    return text();
  };
}

async function serve(authenticate: (token: string | undefined) => { user: string } | Promise<{ user: string }>) {
  const server = createServer({ channels: defineChannels({ 'chat/:room': log() }), authenticate });
  onTestFinished(() => server.close());
  return (await server.listen({ port: 0, host: '127.0.0.1' })).port;
}

// A head above 8 KiB is left to Node's HTTP server: both ways in answer alike.
describe.each([
  ['its own reader of heads', ''],
  ['the HTTP server', `X-Padding: ${'x'.repeat(8192)}\r\n`],
])('the WebSocket host, behind %s', (_, padding) => {
  it('WIRE-17: answers connect and subscribe with the response to the request', async () => {
    const port = await serve(() => ({ user: 'ada' }));
    const answered = await open(port, offer(inUrl(join)), padding);
    const text = await answered(/"type":"subscribed"/);
    expect(text).toMatch(/^HTTP\/1\.1 101 [^]*Sec-WebSocket-Protocol: longwave\.v1\.json\.first\r\n/i);
    expect(text).toMatch(/"type":"connected"[^]*"user":"ada"/);
  });

  it('WIRE-17: sends the response at once where the answer takes time', async () => {
    let letIn!: (identity: { user: string }) => void;
    const port = await serve(() => new Promise((resolve) => (letIn = resolve)));
    const answered = await open(port, offer(inUrl(join)), padding);
    expect(await answered(/\r\n\r\n/)).not.toContain('connected');
    letIn({ user: 'ada' });
    await answered(/"type":"subscribed"/);
  });

  it('WIRE-17, SES-3: refuses who may not come in, after the response', async () => {
    const port = await serve(() => {
      throw new LongwaveError('unauthenticated');
    });
    const answered = await open(port, offer(inUrl(join)), padding);
    expect(await answered(/\x88.\x11/)).toMatch(/^HTTP\/1\.1 101 [^]*"code":"unauthenticated"/);
  });

  it('WIRE-18: chooses the plain subprotocol where it did not read the message', async () => {
    const port = await serve(() => ({ user: 'ada' }));
    const answered = await open(port, offer('aGk!'), padding);
    expect(await answered(/\r\n\r\n/)).toMatch(/Sec-WebSocket-Protocol: longwave\.v1\.json\r\n/i);
  });
});
