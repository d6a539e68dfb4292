import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Encoded, packEvent } from '@longwave/protocol';
import type { Transport } from '@longwave/client';
import type { DownRequest, RequestPeer, TransportFixture, TransportPeer, UpRequest } from '../transport-fixture.js';
import { Queue } from './queue.js';

/** An HTTP server that does with each request what the test says; it knows the wire (HTTP-1, HTTP-2), and no more. */
export async function requestFixture(transport: Transport): Promise<TransportFixture> {
  const downs = new Queue<DownRequest>();
  const ups = new Queue<UpRequest>();
  let openUps = 0;
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url!, 'http://test');
    const body = await read(request, searchParams.get('codec') === 'binary');
    if (body === undefined) return;
    if (pathname !== '/send') return downs.push(toDown(body, pathname, searchParams, response));
    openUps++;
    response.once('close', () => openUps--);
    ups.push(toUp(body, response));
  };
  const server = createServer((request, response) => void take(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const requests: RequestPeer = {
    nextDown: () => downs.next(),
    nextUp: () => ups.next(),
    get openUps() {
      return openUps;
    },
  };
  return {
    transport,
    requests,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deadUrl: 'http://127.0.0.1:1',
    accept: async () => toPeer(requests, await downs.next(), transport.name === 'poll'),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function read(request: IncomingMessage, binary: boolean): Promise<Encoded | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    // Given up by the client while it came.
    return undefined;
  }
  const bytes = Buffer.concat(chunks);
  return binary ? new Uint8Array(bytes) : bytes.toString();
}

function answering(response: ServerResponse) {
  return {
    write: (message: Encoded) => void response.write(packEvent(message)),
    drop: () => void response.socket?.destroy(),
    refuse: () => void response.writeHead(502).end('refused'),
    // Also when the server ended it: it is not open any more.
    closed: new Promise<void>((resolve) => response.once('close', () => resolve())),
  };
}

function toDown(message: Encoded, path: string, query: URLSearchParams, response: ServerResponse): DownRequest {
  const isStream = path === '/stream';
  const { write, drop, refuse, closed } = answering(response);
  const parts: Encoded[] = [];
  return {
    message,
    atOnce: isStream ? undefined : query.has('now'),
    send: (part) => (isStream ? write(part) : void parts.push(part)),
    end: () => {
      for (const part of parts) write(part);
      response.end();
    },
    drop,
    refuse,
    closed,
  };
}

function toUp(body: Encoded, response: ServerResponse): UpRequest {
  const { write, drop, refuse, closed } = answering(response);
  return {
    messages: split(body),
    bytes: Buffer.byteLength(body),
    answer: (message) => {
      if (message !== undefined) write(message);
      response.end();
    },
    drop,
    refuse,
    closed,
  };
}

/** The frames of a body: lines, or runs of bytes with their length in front. */
function split(body: Encoded): Encoded[] {
  if (typeof body === 'string') return body.split('\n');
  const frames: Encoded[] = [];
  for (let start = 0; start < body.length;) {
    const end = start + 1 + body[start]!;
    frames.push(body.slice(start, end));
    start = end;
  }
  return frames;
}

/** Answers what comes up, and sends down with whatever request is there for it. */
function toPeer({ nextDown, nextUp }: RequestPeer, first: DownRequest, endsWithNews: boolean): TransportPeer {
  const received = new Queue<Encoded>();
  const unsent: Encoded[] = [];
  let down: DownRequest | undefined = first;
  const flush = (): void => {
    if (!down || unsent.length === 0) return;
    for (const message of unsent.splice(0)) down.send(message);
    if (!endsWithNews) return;
    down.end();
    down = undefined;
  };
  const renewed = (next: DownRequest): void => {
    down = next;
    flush();
    void nextDown().then(renewed);
  };
  void nextDown().then(renewed);
  const take = ({ messages: [, ...rest], answer }: UpRequest): void => {
    for (const message of rest) received.push(message);
    answer();
    void nextUp().then(take);
  };
  void nextUp().then(take);
  return {
    receive: () => received.next(),
    send: (message) => {
      unsent.push(message);
      flush();
    },
    close: () => down?.end(),
    drop: () => down?.drop(),
    get closed() {
      return down?.closed ?? Promise.resolve();
    },
  };
}
