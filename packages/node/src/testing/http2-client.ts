import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders, connect } from 'node:http2';
import { WebSocketConnection, createConnectionSettings } from '@longwave/websocket';
import { createNodePorts } from '@longwave/websocket/node';
import { plug } from '../http/plug.js';

/** A certificate for localhost and 127.0.0.1 signed by itself, and its key. They protect nothing. */
export const pem = readFileSync(new URL('./localhost.pem', import.meta.url));

/** Headers of an answer, with its status. */
type AnswerHead = IncomingHttpHeaders & { readonly ':status': number };

type Frame = { type: string; [field: string]: unknown };

/** An HTTP/2 connection, once the server has said what it can do. */
export async function connectHttp2(port: number): Promise<ClientHttp2Session> {
  const session = connect(`https://127.0.0.1:${port}`, { ca: pem, servername: 'localhost' });
  session.on('error', () => undefined);
  await once(session, 'remoteSettings');
  return session;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Returns the text that came so far. */
  readonly text: () => string;
  readonly end: Promise<unknown>;
  readonly stream: ClientHttp2Stream;
}

export async function request(
  session: ClientHttp2Session,
  path: string,
  { body, ...headers }: Record<string, string> = {},
): Promise<Answer> {
  const stream = session.request({ ':path': path, ':method': body === undefined ? 'GET' : 'POST', ...headers });
  stream.on('error', () => undefined);
  stream.end(body);
  const end = once(stream, 'close');
  const [answer] = (await once(stream, 'response')) as [AnswerHead];
  let received = '';
  stream.setEncoding('utf8').on('data', (piece: string) => (received += piece));
  return { status: answer[':status'], headers: answer, text: () => received, end, stream };
}

export interface Http2Socket {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly stream: ClientHttp2Stream;
  /** Our own protocol, in the other role. */
  readonly connection: WebSocketConnection;
  readonly messages: (string | Uint8Array)[];
  /** The messages as frames of Longwave in JSON. */
  readonly frames: () => Frame[];
  readonly closed: Promise<{ code: number; reason: string }>;
}

/** A WebSocket in a stream (RFC 8441). */
export async function openWebSocket(
  session: ClientHttp2Session,
  path: string,
  headers: Record<string, string | undefined> = {},
): Promise<Http2Socket> {
  const given = {
    ':method': 'CONNECT',
    ':protocol': 'websocket',
    ':scheme': 'https',
    ':path': path,
    'sec-websocket-version': '13',
    'sec-websocket-protocol': 'longwave.v1.json',
    ...headers,
  };
  const asked = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const stream = session.request(asked, { endStream: false });
  const settings = createConnectionSettings({ role: 'client', ports: createNodePorts() });
  const messages: (string | Uint8Array)[] = [];
  let closed: (event: { code: number; reason: string }) => void;
  const whenClosed = new Promise<{ code: number; reason: string }>((resolve) => (closed = resolve));
  const connection = new WebSocketConnection(
    settings,
    { write: (bytes) => stream.write(bytes), end: () => void stream.end() },
    { onMessage: (data) => void messages.push(data), onClose: (code, reason) => closed({ code, reason }) },
  );
  stream.on('error', () => undefined);
  const [answer] = (await once(stream, 'response')) as [AnswerHead];
  plug(stream, { connection, messageTimeoutMs: 30_000, watch: undefined, onDrain: () => undefined });
  const frames = (): Frame[] =>
    messages.flatMap((message) => (message as string).split('\n').map((line) => JSON.parse(line) as Frame));
  return { status: answer[':status'], headers: answer, stream, connection, messages, frames, closed: whenClosed };
}
