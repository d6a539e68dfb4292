import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { ByteWriter } from '../updates/byte-writer.js';

/** A peer that sends what it likes. */
export async function openRaw(port: number, path: string, options: WebSocket.ClientOptions = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, options);
  onTestFinished(() => socket.terminate());
  const received: Uint8Array[] = [];
  socket.on('message', (data: Buffer) => void received.push(new Uint8Array(data)));
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await once(socket, 'open');
  return { socket, received, closed };
}

/** A sync message of y-websocket. */
export function syncMessage(type: number, bytes: Uint8Array): Uint8Array {
  return new ByteWriter().uint(0).uint(type).blob(bytes).finish();
}

/** A first step without content. */
export const step1 = syncMessage(0, Uint8Array.of(0));
