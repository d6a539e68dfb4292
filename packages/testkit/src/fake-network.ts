import {
  type ServerFrame,
  type ClientFrame,
  type BadFrame,
  type CodecName,
  type Encoded,
  type ServerCodec,
  createServerCodec,
  utf8Encode,
} from '@longwave/protocol';
import type { ConnectionInfo, Session, Sink, Wire } from '@longwave/core';
import type { LinkEvents, Transport } from '@longwave/client';
import type { Host } from './host.js';
import type { Random } from './random.js';
import type { VirtualClock } from './virtual-clock.js';
import { type Breakage, FakeLink } from './fake-link.js';
import { Pipe } from './pipe.js';
import { ServerEnd } from './server-end.js';

/** A server that can be reached. */
export interface Listener {
  readonly host: Host;
  /** `dark`: powered off, so that nobody answers; `refusing`: the port is closed. */
  readonly reachable: 'up' | 'refusing' | 'dark';
  accept(sink: Sink, info: ConnectionInfo): Session;
}

/** How a client's own access to the network is. */
export type Access = 'online' | 'refused' | 'hanging';

/** Changes frames on their way through the server's codec: how bugs are planted. */
export interface FrameTamper {
  readonly toClient?: ((frame: ServerFrame, link: object) => ServerFrame) | undefined;
  readonly toServer?:
    | ((frames: readonly (ClientFrame | BadFrame)[], link: object) => (ClientFrame | BadFrame)[])
    | undefined;
}

export interface NetworkOptions {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** What a server may write before its link is full. */
  readonly bufferBytes: number;
  readonly listeners: () => readonly Listener[];
  readonly onMisuse: (what: string) => void;
  readonly tamper?: FrameTamper | undefined;
  readonly sabotageSink?: ((sink: Sink, random: Random) => Sink) | undefined;
}

/** All clients sit behind one: the hardest case for what counts by address. */
const remoteAddress = '192.0.2.1';

const pack = (message: Encoded): Uint8Array => (typeof message === 'string' ? utf8Encode(message) : message);

/** Clients and servers joined by links that keep the order of what they carry, and break in every way there is. */
export class FakeNetwork {
  readonly #options: NetworkOptions;
  readonly #wires: Readonly<Record<CodecName, Wire>> = {
    json: { codec: createServerCodec('json'), pack },
    binary: { codec: createServerCodec('binary'), pack },
  };
  readonly #links = new Set<FakeLink>();

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  /** Links that both ends believe in. */
  get live(): FakeLink[] {
    for (const link of this.#links) if (!link.attached) this.#links.delete(link);
    return [...this.#links].filter((link) => link.session?.state === 'open' && !link.broken);
  }

  /** A transport for the client on `host`. `onLink` gets each attempt. */
  transport(host: Host, access: () => Access, onLink: (link: FakeLink) => void): Transport {
    return {
      name: 'fake',
      connect: (_url, codec, events) => {
        const link = this.#dial(host, codec, events, access());
        onLink(link);
        return link;
      },
    };
  }

  break(link: FakeLink, how: Breakage): void {
    const { random, latencyMs } = this.#options;
    link.break(how, () => random.between(0, 2 * latencyMs));
    this.#links.delete(link);
  }

  /** What becomes of the links of a server that is gone: `dark` tells nobody. */
  breakAll(host: Host, how: Breakage): void {
    for (const link of [...this.#links]) if (link.serverHost === host) this.break(link, how);
  }

  #dial(host: Host, codec: CodecName, events: LinkEvents, access: Access): FakeLink {
    const { clock, random, latencyMs, jitterMs } = this.#options;
    const latency = random.between(latencyMs / 2, latencyMs * 1.5);
    const pipe = (): Pipe => new Pipe(clock, random, latency, jitterMs);
    const link = new FakeLink(host, pipe(), pipe(), events, this.#options.onMisuse);
    if (access === 'hanging') link.up.kill();
    else if (access === 'refused') link.end(1006);
    link.up.send(() => {
      if (access === 'online') this.#arrive(link, codec);
    });
    return link;
  }

  /** At the load balancer: any server will do. */
  #arrive(link: FakeLink, codec: CodecName): void {
    const { random } = this.#options;
    if (!link.attached) return;
    const listener = random.pick(this.#options.listeners());
    if (listener.reachable === 'dark') return;
    if (listener.reachable === 'refusing') return link.end(1006);
    listener.host.run(() => this.#accept(link, listener, codec));
  }

  #accept(link: FakeLink, listener: Listener, codec: CodecName): void {
    if (listener.reachable !== 'up') return link.end(1006);
    const { host } = listener;
    const server = new ServerEnd(this.#wireFor(codec, link), host, this.#options.bufferBytes, {
      onSend: (chunks) => link.deliver(chunks, codec === 'json'),
      onClose: (code, reason) => {
        this.#links.delete(link);
        link.end(code, reason);
      },
      onOverrun: () => this.#options.onMisuse('the server writes on although the link takes no more (MSG-2)'),
    });
    link.server = server;
    link.serverHost = host;
    link.acceptedAt = host.clock.time;
    const { sabotageSink, random } = this.#options;
    const sink = sabotageSink ? sabotageSink(server, random) : server;
    link.session = server.session = listener.accept(sink, { transport: 'fake', remoteAddress, headers: {} });
    this.#links.add(link);
    link.open();
  }

  #wireFor(codec: CodecName, link: object): Wire {
    const { tamper } = this.#options;
    const wire = this.#wires[codec];
    if (!tamper) return wire;
    const { toClient, toServer } = tamper;
    const tampered: ServerCodec = {
      name: wire.codec.name,
      join: (parts) => wire.codec.join(parts),
      encode: (frame) => wire.codec.encode(toClient ? toClient(frame, link) : frame),
      decode: (message) => {
        const frames = wire.codec.decode(message);
        return toServer ? toServer(frames, link) : frames;
      },
    };
    return { codec: tampered, pack };
  }
}
