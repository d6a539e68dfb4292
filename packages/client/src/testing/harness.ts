import type { Calls, Channels, ClientFrame, Connected, ServerFrame, Subscribe } from '@longwave/protocol';
import type { Client } from '../api/client-api.js';
import type { ClientOptions } from '../base/options.js';
import type { Diagnostic, Environment } from '../base/ports.js';
import { allParts } from '../client/all-parts.js';
import { openClient } from '../client/open-client.js';
import { FakeTransport, type FakeLink } from './fake-transport.js';
import { VirtualClock } from './virtual-clock.js';

class FakeEnvironment implements Environment {
  online: boolean | undefined = undefined;
  readonly listeners = new Set<(why: 'online' | 'offline' | 'visible') => void>();

  onWake(listener: (why: 'online' | 'offline' | 'visible') => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  isOnline(): boolean | undefined {
    return this.online;
  }

  wake(why: 'online' | 'offline' | 'visible'): void {
    for (const listener of this.listeners) listener(why);
  }
}

/** A client under virtual time, whose server is the test. */
export class Harness {
  readonly clock = new VirtualClock();
  readonly transport = new FakeTransport();
  readonly environment = new FakeEnvironment();
  readonly errors: unknown[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly client: Client<Channels, Calls>;

  constructor(options: ClientOptions = {}, parts = allParts) {
    this.client = openClient(parts, 'http://server.test', {
      transport: this.transport,
      clock: this.clock,
      environment: this.environment,
      random: () => 0.5,
      createId: () => 'client-1',
      reportError: (error) => this.errors.push(error),
      onDiagnostic: (diagnostic) => this.diagnostics.push(diagnostic),
      ...options,
    });
  }

  /** Time in which the server says no more than that it is there. */
  idle(ms: number): void {
    for (let left = ms; left > 0; left -= 5_000) {
      this.clock.advance(Math.min(left, 5_000));
      if (left > 5_000) this.link.say({ type: 'pong' });
    }
  }

  get link(): FakeLink {
    return this.transport.link;
  }

  /** Opens the current link and answers the connect. Returns the frames that the client sent after it. */
  accept(connected: Partial<Connected> = {}): ClientFrame[] {
    this.link.open();
    const [first, ...rest] = this.link.take();
    if (first?.type !== 'connect') throw new Error(`The first frame is ${first?.type}, not connect.`);
    this.link.say(connectedFrame(connected));
    return [...rest, ...this.link.take()];
  }

  /** Lets the reconnect timer run and accepts the new link. */
  reaccept(connected: Partial<Connected> = {}): ClientFrame[] {
    const { length } = this.transport.links;
    for (let i = 0; i < 100 && this.transport.links.length === length; i++) this.clock.advance(1_000);
    return this.accept(connected);
  }
}

export function connectedFrame(frame: Partial<Connected> = {}): Connected {
  return { type: 'connected', node: 'n1', heartbeatMs: 10_000, messageBytes: 65_536, ...frame };
}

export function subscribedFrame(
  to: ClientFrame | undefined,
  offset: number,
  more: Partial<ServerFrame> = {},
): ServerFrame {
  const { id, channel } = only(to, 'subscribe') as Subscribe;
  return { type: 'subscribed', id, channel, epoch: 'e1', offset, top: offset, ...more } as ServerFrame;
}

/** A `message` with operations whose data are their offsets. */
export function messageFrame(channel: string, from: number, to: number = from, epoch = 'e1'): ServerFrame {
  return { type: 'message', channel, epoch, offset: from, ops: operations(from, to) };
}

export function operations(from: number, to: number): { offset: number; time: number; payload: string }[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => ({
    offset: from + i,
    time: 1_000 + from + i,
    payload: String(from + i),
  }));
}

/** `frame`, which has to be of this type. */
export function only<Type extends ClientFrame['type']>(
  frame: ClientFrame | undefined,
  type: Type,
): Extract<ClientFrame, { type: Type }> {
  if (frame?.type !== type) throw new Error(`Expected '${type}', the client sent '${frame?.type}'.`);
  return frame as Extract<ClientFrame, { type: Type }>;
}

export function typesOf(frames: readonly { readonly type: string }[]): string[] {
  return frames.map(({ type }) => type);
}
