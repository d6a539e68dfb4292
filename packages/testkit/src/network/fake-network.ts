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
import {
  type Chunk,
  type ConnectionInfo,
  PollLink,
  type ResponseBody,
  type Session,
  type Sink,
  StreamLink,
  type Wire,
  createEventWire,
} from '@longwave/core';
import type { LinkEvents, PostRequest, Transport } from '@longwave/client';
import type { Host } from '../checking/host.js';
import type { Random } from '../random.js';
import type { VirtualClock } from '../virtual-clock.js';
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
  /**
   * Each message takes `latencyMs` and no moment more or less. The clock MUST run equal times in the order in which they were planned.
   * Default false: each link has a latency of its own around it, and nothing arrives at the same time.
   */
  readonly exact?: boolean;
  /** Bytes that a server may write before its link is full. */
  readonly bufferBytes: number;
  readonly listeners: () => readonly Listener[];
  readonly onMisuse: (what: string) => void;
  readonly tamper?: FrameTamper | undefined;
  readonly sabotageSink?: ((sink: Sink, random: Random) => Sink) | undefined;
}

export type Route = 'stream' | 'poll' | 'send';

interface Request {
  readonly route: Route;
  readonly codec: CodecName;
  readonly body: Encoded;
  readonly poll: { readonly holdMs: number; readonly atOnce: boolean };
}

/** One thing that a client wants: a link that carries both ways, or the answer to one request. */
interface Opening extends Pick<Dialling, 'name' | 'info' | 'listeners'> {
  readonly codec: CodecName;
  readonly request?: Request;
}

/** As a host reads them (HTTP-1). */
function readRequest(url: string, body: Encoded): Request {
  const { pathname, searchParams } = new URL(url);
  return {
    route: pathname.slice(pathname.lastIndexOf('/') + 1) as Route,
    codec: searchParams.get('codec') as CodecName,
    body,
    poll: { holdMs: Number(searchParams.get('hold')), atOnce: searchParams.has('now') },
  };
}

const pack = (message: Encoded): Uint8Array => (typeof message === 'string' ? utf8Encode(message) : message);

/** How one client reaches its servers. */
export interface Dialling {
  /** The transport's. Default `fake`. */
  readonly name?: string;
  readonly host: Host;
  readonly access: () => Access;
  /** Gets each attempt. */
  readonly onLink: (link: FakeLink) => void;
  /** The request that servers see. Default: one address for all clients, the hardest case for rates by address. */
  readonly info?: Omit<ConnectionInfo, 'transport'> | undefined;
  /** One of these is picked. Default: those of the network. */
  readonly listeners?: (() => readonly Listener[]) | undefined;
}

const nameless: Omit<ConnectionInfo, 'transport'> = { remoteAddress: '192.0.2.1', headers: {} };

/** Clients and servers joined by links that keep the order of what they carry, and break in every way there is. */
export class FakeNetwork {
  readonly #options: NetworkOptions;
  readonly #wires: Readonly<Record<CodecName, Wire>> = {
    json: { codec: createServerCodec('json'), pack },
    binary: { codec: createServerCodec('binary'), pack },
  };
  readonly #eventWires: Readonly<Record<CodecName, Wire>> = {
    json: createEventWire('json'),
    binary: createEventWire('binary'),
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

  /** A transport for the client on `host`. */
  transport({ host, access, onLink, name = 'fake', info, listeners }: Dialling): Transport {
    return {
      name,
      connect: (_url, codec, events) => {
        const link = this.#link(host, events, !this.#options.exact);
        this.#dial(link, { codec, name, info, listeners }, access());
        onLink(link);
        return link;
      },
    };
  }

  /** Requests of the client on `host`, each on a connection of its own: the worst that can become of them. */
  requests(host: Host, access: (route: Route) => Access, onLink: (link: FakeLink, route: Route) => void): PostRequest {
    return (url, body, { onPiece, onEnd }, limitMs) => {
      const request = readRequest(url, body);
      const stopTimer = limitMs === undefined ? () => undefined : host.setTimer(() => giveUp(false), limitMs);
      const link = this.#link(host, {
        onOpen: () => undefined,
        onMessage: (piece) => onPiece(piece as Uint8Array),
        onLost: () => undefined,
        onRenew: () => undefined,
        onClose: ({ code }) => {
          stopTimer();
          onEnd(code === 1000);
        },
      });
      this.#dial(link, { codec: request.codec, request }, access(request.route));
      const giveUp = (silent: boolean): void => {
        stopTimer();
        link.close();
        if (!silent) onEnd(false);
      };
      onLink(link, request.route);
      return () => giveUp(true);
    };
  }

  /** Everything that a client has under way. */
  breakFrom(host: Host, how: Breakage): void {
    for (const link of [...this.#links]) if (link.clientHost === host) this.break(link, how);
  }

  break(link: FakeLink, how: Breakage): void {
    const { random, latencyMs, exact } = this.#options;
    link.break(how, () => (exact ? 0 : random.between(0, 2 * latencyMs)));
    this.#links.delete(link);
  }

  /** Breaks all links of a server that is gone: with `dark` nobody is told. */
  breakAll(host: Host, how: Breakage): void {
    for (const link of [...this.#links]) if (link.serverHost === host) this.break(link, how);
  }

  #link(host: Host, events: LinkEvents, early = false): FakeLink {
    const { clock, random, latencyMs, jitterMs, exact } = this.#options;
    const latency = exact ? latencyMs : random.between(latencyMs / 2, latencyMs * 1.5);
    const pipe = (): Pipe => new Pipe(clock, random, latency, jitterMs, exact ? 0 : 1e-3);
    return new FakeLink(host, [pipe(), pipe()], events, early, this.#options.onMisuse);
  }

  #dial(link: FakeLink, opening: Opening, access: Access): void {
    if (access !== 'online') link.troubledAt = this.#options.clock.time;
    if (access === 'hanging') link.up.kill();
    else if (access === 'refused') link.end(1006);
    link.up.send(() => {
      if (access === 'online') this.#arrive(link, opening);
    });
  }

  /** At the load balancer: any server will do. */
  #arrive(link: FakeLink, opening: Opening): void {
    const { random } = this.#options;
    if (!link.attached) return;
    const listener = random.pick((opening.listeners ?? this.#options.listeners)());
    if (listener.reachable !== 'up') link.troubledAt = listener.host.clock.time;
    if (listener.reachable === 'dark') return;
    if (listener.reachable === 'refusing') return link.end(1006);
    link.serverHost = listener.host;
    listener.host.run(() => this.#accept(link, listener, opening));
  }

  #accept(link: FakeLink, listener: Listener, { codec, request, name = 'fake', info = nameless }: Opening): void {
    if (listener.reachable !== 'up') return link.end(1006);
    const { host } = listener;
    const wire = this.#wireFor(request ? this.#eventWires[codec] : this.#wires[codec], link);
    const server = new ServerEnd(wire, host, this.#options.bufferBytes, {
      onSend: (chunks) => link.deliver(chunks, codec === 'json' && !request),
      onClose: (code, reason) => {
        this.#links.delete(link);
        link.end(code, reason);
      },
      onOverrun: () => this.#options.onMisuse('the server writes on although the link takes no more (MSG-2)'),
    });
    link.server = server;
    link.acceptedAt = host.clock.time;
    this.#links.add(link);
    if (request) return this.#serve(request, server, listener, link);
    const { sabotageSink, random } = this.#options;
    const sink = sabotageSink ? sabotageSink(server, random) : server;
    link.session = server.session = listener.accept(sink, { ...info, transport: name });
    link.open(link.early && random.chance(0.5));
  }

  #serve({ route, body, poll }: Request, server: ServerEnd, listener: Listener, link: FakeLink): void {
    const info = { ...nameless, transport: route };
    if (route === 'poll') {
      const answer = (chunks: readonly Chunk[]): void => {
        // A complete answer is no queue: it has bounds of its own.
        for (const chunk of chunks) server.writeWhole(typeof chunk === 'string' ? utf8Encode(chunk) : chunk);
        server.close(1000, '');
      };
      const sink = new PollLink(server.wire, poll, { answer });
      link.session = sink.session = listener.accept(sink, info);
    } else {
      const response: ResponseBody = { write: (bytes) => server.write(bytes), end: () => server.close(1000, '') };
      const sink = new StreamLink(server.wire, route === 'send' ? 'upstream' : 'downstream', response);
      link.session = listener.accept(sink, info);
    }
    server.session = link.session;
    link.session.receive(body);
  }

  #wireFor(wire: Wire, link: object): Wire {
    const { tamper } = this.#options;
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
    return { codec: tampered, pack: (message) => wire.pack(message) };
  }
}
