import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { type Server, type Socket, connect, createServer } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { socketName, socketSuffix } from './files/process-identity.js';

/** Most bytes that are queued for a peer that does not read: at its next look it reads everything anyway. */
const maxUnreadBytes = 1024;
/** Paths of sockets end at 104 bytes on some systems. */
const maxPathBytes = 103;

/**
 * The processes of this machine that have the store open: each listens on a socket in its directory and is connected to
 * those of all others. A nudge travels, one byte, at each commit: its receiver reads the news from the journal.
 */
export class Peers {
  readonly #directory: string;
  readonly #onNudge: () => void;
  readonly #name = socketName(randomBytes(4).toString('hex'));
  readonly #outgoing = new Map<string, Socket>();
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
    for (const socket of this.#outgoing.values()) {
      if (socket.writableLength < maxUnreadBytes) socket.write('.');
    }
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
    for (const socket of [...this.#outgoing.values(), ...this.#incoming]) socket.destroy();
    this.#outgoing.clear();
    this.#server?.close();
    this.#server = undefined;
  }

  #connect(name: string): void {
    const socket = connect(this.#pathOf(name)).unref();
    this.#outgoing.set(name, socket);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // Nobody listens: its process is gone, and did not come to remove it.
      if (error.code === 'ECONNREFUSED') rmSync(this.#pathOf(name), { force: true });
    });
    socket.on('close', () => this.#outgoing.delete(name));
    // Nudge for operations stored before the connection was there: the peer may not have been looking.
    socket.on('connect', () => socket.write('.'));
    socket.resume();
  }

  #accept(socket: Socket): void {
    this.#incoming.add(socket);
    socket.unref();
    socket.on('data', () => this.#onNudge());
    socket.on('error', () => undefined);
    socket.on('close', () => this.#incoming.delete(socket));
    // A peer that connects wants nudges too.
    this.look();
  }

  #pathOf(name: string): string {
    return path.join(this.#directory, name);
  }
}
