import { once } from 'node:events';
import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { memory } from 'longwave';
import { type Gallery, createGallery } from './gallery.js';

let gallery: Gallery;
let url: string;

beforeEach(async () => {
  gallery = createGallery({ pages: '/nonexistent', docs: '/nonexistent', store: memory() });
  url = await gallery.listen({ port: 0, host: '127.0.0.1' });
});

afterEach(() => gallery.close());

/** A masked text frame of less than 126 bytes. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.of(0x81, 0x80 | payload.length, 0, 0, 0, 0), payload]);
}

/** Text frames of less than 126 bytes; pings are left out. */
function textsIn(bytes: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at + 1 < bytes.length; at += 2 + bytes[at + 1]!) {
    if (bytes[at] === 0x81) texts.push(bytes.toString('utf8', at + 2, at + 2 + bytes[at + 1]!));
  }
  return texts;
}

/** Resolves with the answers to `messages`, the greeting first, or with the status of a refusal. */
async function talk(path: string, headers: Record<string, string>, ...messages: string[]): Promise<string[] | number> {
  const asking = request(url + path, {
    agent: false,
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    },
  });
  onTestFinished(() => void asking.destroy());
  const refused = once(asking, 'response').then(([response]) => (response as { statusCode: number }).statusCode);
  const taken = once(asking, 'upgrade') as Promise<[unknown, Duplex, Buffer]>;
  asking.end();
  const first = await Promise.race([refused, taken]);
  if (typeof first === 'number') return first;
  const [, socket, head] = first;
  onTestFinished(() => void socket.destroy());
  for (const message of messages) socket.write(frame(message));
  let bytes = head;
  while (textsIn(bytes).length <= messages.length) bytes = Buffer.concat([bytes, ...(await once(socket, 'data'))]);
  socket.destroy();
  return textsIn(bytes);
}

const greeting = 'Hello! Whatever you send comes back.';

describe('the echo', () => {
  it.each([
    ['a file, in Chrome', 'file://'],
    ['a file, in Firefox', 'null'],
    ['another port', 'http://localhost:5173'],
    ['any page', 'https://a.example'],
  ])('greets and answers a page of %s, at / and at /echo', async (_, Origin) => {
    for (const path of ['', '/', '/echo']) {
      expect(await talk(path, { Origin }, 'one', 'two')).toEqual([greeting, 'one', 'two']);
    }
  });

  it('greets who is no browser', async () => {
    expect(await talk('/', {}, 'é')).toEqual([greeting, 'é']);
  });

  it('is the only thing that pages elsewhere reach, and no name of a stranger leads to it', async () => {
    expect(await talk('/longwave', { Origin: 'https://a.example', 'Sec-WebSocket-Protocol': 'longwave.v1.json' })).toBe(
      403,
    );
    expect(await talk('/', { Host: 'rebound.example' }, 'x')).toBe(403);
  });
});
