import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { type Server, type Socket, connect, createServer } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { type Relay, RelayListeners, requireRelayable } from '@longwave/core';
import { PeerReader, encodeRelayed, nudge } from './peer-frames.js';
import { socketName, socketSuffix } from './files/process-identity.js';

/** Most nudges that are queued for a peer that does not read: at its next look it reads everything anyway. */
const maxUnreadNudges = 64;
/** Bytes for a peer that does not read: what is relayed beyond them is left out. */
const maxUnreadBytes = 4 * 1024 * 1024;
/** Paths of sockets end at 104 bytes on some systems. */
const maxPathBytes = 103;

interface Peer {
  readonly socket: Socket;
  unreadNudges: number;
}

/**
 * The processes of this machine that have the store open: each listens on a socket in its directory and is connected to
 * those of all others. A nudge travels, one byte, at each commit: its receiver reads the news from the journal. So does what is
 * relayed.
 */
export class Peers implements Relay {
  readonly #directory: string;
  readonly #onNudge: () => void;
  readonly #name = socketName(randomBytes(4).toString('hex'));
  readonly #outgoing = new Map<string, Peer>();
  readonly #listeners = new RelayListeners();
  readonly #incoming = new Set<Socket>();
  #server: Server | undefined;

  constructor(directory: string, onNudge: () => void) {
    this.#directory = directory;
    this.#onNudge = onNudge;
    if (process.platform === 'win32' || Buffer.byteLength(this.#pathOf(this.#name)) > maxPathBytes) return;
    const server = createServer((socket) => this.#accept(socket));
    // Without a socket of its own it looks into the journal more often: see `isConnected`.
    server.on('error', () => (this.#server = undefined));
    // A worker of `node:cluster` listens by itself: the others are its peers, not its primary.
    server.listen({ path: this.#pathOf(this.#name), exclusive: true }).unref();
    this.#server = server;
    this.look();
  }

  /** False: nobody nudges this process. */
  get isConnected(): boolean {
    return this.#server !== undefined;
  }

  /** Tells all others that there is something new. */
  nudge(): void {
    for (const peer of this.#outgoing.values()) {
      if (peer.unreadNudges >= maxUnreadNudges) continue;
      peer.unreadNudges++;
      peer.socket.write(nudge, () => peer.unreadNudges--);
    }
  }

  send(topic: string, data: Uint8Array): void {
    requireRelayable(data);
    if (this.#listeners.has(topic)) void Promise.resolve().then(() => this.#listeners.tell(topic, data));
    const frame = encodeRelayed(topic, data);
    for (const { socket } of this.#outgoing.values()) {
      if (socket.writableLength + frame.length <= maxUnreadBytes) socket.write(frame);
    }
  }

  listen(topic: string, hear: (data: Uint8Array) => void): () => void {
    return this.#listeners.add(topic, hear);
  }

  /** Connects to those that are not known yet. */
  look(): void {
    if (!this.#server) return;
    let names: readonly string[] = [];
    try {
      names = readdirSync(this.#directory);
    } catch {
      // The directory is gone, and with it whoever could be found.
    }
    for (const name of names) {
      if (name.endsWith(socketSuffix) && name !== this.#name && !this.#outgoing.has(name)) this.#connect(name);
    }
  }

  close(): void {
    for (const { socket } of this.#outgoing.values()) socket.destroy();
    for (const socket of this.#incoming) socket.destroy();
    this.#outgoing.clear();
    this.#listeners.clear();
    this.#server?.close();
    this.#server = undefined;
  }

  #connect(name: string): void {
    const socket = connect(this.#pathOf(name)).unref();
    this.#outgoing.set(name, { socket, unreadNudges: 0 });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // Nobody listens: its process is gone, and did not come to remove it.
      if (error.code === 'ECONNREFUSED') rmSync(this.#pathOf(name), { force: true });
    });
    socket.on('close', () => this.#outgoing.delete(name));
    // Nudge for operations stored before the connection was there: the peer may not have been looking.
    socket.on('connect', () => socket.write(nudge));
    socket.resume();
  }

  #accept(socket: Socket): void {
    this.#incoming.add(socket);
    socket.unref();
    const reader = new PeerReader((topic, data) => this.#listeners.tell(topic, data));
    socket.on('data', (chunk) => {
      if (!reader.read(chunk)) return void socket.destroy();
      if (reader.takeNudge()) this.#onNudge();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => this.#incoming.delete(socket));
    // A peer that connects wants nudges too.
    this.look();
  }

  #pathOf(name: string): string {
    return path.join(this.#directory, name);
  }
}
