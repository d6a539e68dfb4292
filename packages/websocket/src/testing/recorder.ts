import {
  type ConnectionHandler,
  type ConnectionOptions,
  type ConnectionTransport,
  createConnectionSettings,
  type DeflateAgreement,
  WebSocketConnection,
} from '../index.js';
import { createNodePorts } from '../node/index.js';

/**
 * Records the events of a connection, in order: `text:…`, `binary:hex`, `ping:hex`, `pong:hex`,
 * `close:code:reason:clean`, `end`.
 */
export class Recorder implements ConnectionHandler, ConnectionTransport {
  readonly events: string[] = [];
  /** Every frame that was written, as one run of hex. */
  written = '';
  readonly writes: Uint8Array[] = [];
  takesMore = true;

  onMessage(data: string | Uint8Array): void {
    this.events.push(typeof data === 'string' ? `text:${data}` : `binary:${hex(data)}`);
  }
  onPing(payload: Uint8Array): void {
    this.events.push(`ping:${hex(payload)}`);
  }
  onPong(payload: Uint8Array): void {
    this.events.push(`pong:${hex(payload)}`);
  }
  onClose(code: number, reason: string, clean: boolean): void {
    this.events.push(`close:${code}:${reason}:${clean ? 'clean' : 'unclean'}`);
  }
  write(bytes: Uint8Array): boolean {
    this.writes.push(bytes);
    this.written += hex(bytes);
    return this.takesMore;
  }
  end(): void {
    this.events.push('end');
  }
}

export const ports = createNodePorts();

export const TAKEOVER: DeflateAgreement = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};

export const NO_TAKEOVER: DeflateAgreement = {
  ...TAKEOVER,
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
};

export interface TestEnd {
  readonly connection: WebSocketConnection;
  readonly recorder: Recorder;
}

export function connectionFor(
  role: 'server' | 'client',
  options: Partial<ConnectionOptions> = {},
  deflate?: DeflateAgreement,
): TestEnd {
  const recorder = new Recorder();
  const settings = createConnectionSettings({ role, ports, ...options });
  return { connection: new WebSocketConnection(settings, recorder, recorder, deflate), recorder };
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
}

export function utf8(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'utf8'));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** Feeds `chunks` to an end of the given role and tells what came out of it. */
export function play(
  role: 'server' | 'client',
  chunks: readonly Uint8Array[],
  options: Partial<ConnectionOptions> = {},
  deflate?: DeflateAgreement,
): Recorder {
  const { connection, recorder } = connectionFor(role, options, deflate);
  for (const chunk of chunks) connection.receive(Uint8Array.from(chunk));
  return recorder;
}

/** The close code of the events, or undefined when the connection is still open. */
export function closeCodeOf(recorder: Recorder): number | undefined {
  const close = recorder.events.find((event) => event.startsWith('close:'));
  return close === undefined ? undefined : Number(close.split(':')[1]);
}
