import type { DialectHost, DialectVisit, RunningDialect } from '@longwave/node';
import { LongwaveError, codes, wireLimits } from '@longwave/protocol';
import type { CountedDialect } from '../counted-dialect.js';
import { DialectSocket } from '../sockets/dialect-socket.js';
import { type DialectCounts, Editor } from '../sockets/editor.js';
import { Library } from '../documents/library.js';
import { ByteReader } from '../updates/byte-reader.js';
import { ByteWriter } from '../updates/byte-writer.js';
import { type DialectOptions, type ResolvedOptions, libraryKey, resolveOptions } from '../options.js';
import { Seat } from '../sockets/seat.js';
import { emptyAwareness } from '../wire/awareness.js';
import { type Frame, encodeBinaryFrame } from '../wire/frame.js';
import { createForm, messageType } from '../wire/y-forms.js';

/** Options of {@link yWebsocket}. */
export interface YWebsocketOptions extends DialectOptions {
  /** Path in front of the rooms. Default `/yjs`: clients have the URL `wss://…/yjs`, to which they add the room. */
  readonly path?: string;
}

const form = createForm('y', new Uint8Array());
const signOfLife = form.awareness(emptyAwareness);
/** The one subprotocol that is agreed on. Beside it a client may offer its token, as `token.` and the token. */
const subprotocol = 'y-websocket';
const tokenPrefix = 'token.';
/** After which every version comes back: "try again later". */
const retryClose = 1013;
/** The token has come to its end: a client that has another comes back with it. */
const expiredClose = 1008;
const expiredHoldMs = 500;

/**
 * Serves clients of `y-websocket`, unmodified, on documents of the contract. The token is the parameter `token` of the URL, or the
 * subprotocol `token.…` beside `y-websocket`; the other parameters are those of the connection. Throws `TypeError` or `RangeError`
 * that names an unknown or invalid option.
 * @example
 * ```ts
 * createServer({ channels, documents: yjs(), dialects: [yWebsocket({ document: (room) => `doc/${room}` })] });
 * // In the page: new WebsocketProvider('wss://example.com/yjs', 'plan', ydoc, { params: { token } });
 * ```
 */
export function yWebsocket(options: YWebsocketOptions = {}): CountedDialect {
  const { path, ...resolved } = resolveOptions('yWebsocket', '/yjs', options);
  const counts: DialectCounts = { sockets: 0, stored: 0, refused: 0, strangers: 0 };
  return {
    name: 'y-websocket',
    path,
    protocols: [subprotocol],
    maxMessageBytes: resolved.maxMessageBytes,
    counts,
    start: (host) => startYWebsocket(host, resolved, counts),
  };
}

function startYWebsocket(host: DialectHost, options: ResolvedOptions, counts: DialectCounts): RunningDialect {
  const library = host.shared(libraryKey, () => new Library(host));
  const sockets = new Set<YSocket>();
  const tick = setInterval(() => {
    for (const socket of sockets) socket.keepAlive();
  }, 1000).unref();
  return {
    open(visit) {
      const socket = new YSocket(visit, { host, library, options, counts, onClose: () => sockets.delete(socket) });
      sockets.add(socket);
      void socket.open();
    },
    close() {
      clearInterval(tick);
      library.close();
    },
  };
}

interface YSocketOptions {
  readonly host: DialectHost;
  readonly library: Library;
  readonly options: ResolvedOptions;
  readonly counts: DialectCounts;
  readonly onClose: () => void;
}

/** A socket of y-websocket: one document. */
class YSocket {
  readonly #visit: DialectVisit;
  readonly #options: YSocketOptions;
  readonly #socket: DialectSocket;
  /** Messages that came before the document was open. */
  #early: Uint8Array[] | undefined = [];
  #earlyBytes = 0;
  readonly #warned = new Set<string>();
  #editor: Editor | undefined;
  #seat: Seat | undefined;

  constructor(visit: DialectVisit, options: YSocketOptions) {
    this.#visit = visit;
    this.#options = options;
    const { counts, onClose } = options;
    counts.sockets++;
    this.#socket = new DialectSocket({
      peer: visit.socket,
      rate: options.options,
      onMessage: (bytes) => this.#take(bytes),
      onDrain: () => this.#editor?.drained(),
      onHeard: () => this.#seat?.heard(),
      onClose: () => {
        counts.sockets--;
        onClose();
        void this.#editor?.end();
      },
    });
  }

  async open(): Promise<void> {
    const { host, library, options, counts } = this.#options;
    const { path, query, info, request } = this.#visit;
    try {
      const channel = await options.channelOf(decodeRoom(path), info);
      const socket = this.#socket;
      if (socket.isEnding) return;
      const seat = new Seat({
        ...{ engine: host.engine, info, client: host.makeId(), channel },
        host: {
          hold: (held) => socket.hold(seat, held),
          ping: () => socket.ping(),
          ended: (error) => this.#end(error),
          expiresIn: () => undefined,
        },
      });
      this.#seat = seat;
      const editor = new Editor({
        ...{ seat, library, form, counts },
        host: {
          get writable() {
            return socket.writable;
          },
          send: (frame) => socket.send(frame),
          sendSoon: (frame) => socket.sendSoon(frame),
          hold: (held) => socket.hold(editor, held),
          settled: (outcome, error) => {
            if (outcome === 'refused' && error) this.#warn(error);
          },
          failed: (error) => this.#fail(error),
        },
      });
      this.#editor = editor;
      await seat.open(tokenOf(query, request.headers['sec-websocket-protocol']), paramsOf(query));
      await editor.open();
      if (socket.isEnding) return;
      editor.ask();
      const early = this.#early ?? [];
      this.#early = undefined;
      for (const bytes of early) this.#take(bytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Within 15 s the client hears something: it closes after 30 s of silence. */
  keepAlive(): void {
    if (!this.#early && this.#socket.isQuiet && this.#socket.writable) this.#socket.send(signOfLife);
  }

  #take(bytes: Uint8Array): void {
    if (this.#early) return this.#keep(bytes);
    try {
      this.#handle(new ByteReader(bytes));
    } catch (error) {
      this.#fail(error);
    }
  }

  #keep(bytes: Uint8Array): void {
    const { earlyBytes, earlyMessages } = this.#options.options;
    this.#earlyBytes += bytes.length;
    if (this.#earlyBytes > earlyBytes || this.#early!.length >= earlyMessages)
      this.#socket.endWith(1009, 'too-large', 0);
    else this.#early!.push(bytes);
  }

  #handle(reader: ByteReader): void {
    const type = reader.uint();
    const editor = this.#editor!;
    switch (type) {
      case messageType.sync:
        return editor.sync(reader);
      case messageType.awareness:
        return editor.say(reader.blob());
      case messageType.queryAwareness:
        return editor.tellAll();
      default:
        throw new LongwaveError('bad-frame', `There is no message of type ${type}.`);
    }
  }

  /** Once for each reason: the client has no other way to learn of it. */
  #warn(error: LongwaveError): void {
    if (this.#warned.has(error.code)) return;
    this.#warned.add(error.code);
    this.#socket.send(refusal(error));
  }

  #fail(error: unknown): void {
    if (error instanceof LongwaveError) return this.#end(error);
    this.#options.host.logger.error('A socket of y-websocket failed.', error);
    this.#end(new LongwaveError('internal'));
  }

  #end(error: LongwaveError): void {
    const socket = this.#socket;
    if (socket.isEnding) return;
    if (codes[error.code].advice !== 'retry') socket.send(refusal(error));
    // It was open: the client may have another token by now.
    if (error.code === 'unauthenticated' && !this.#early) socket.endWith(expiredClose, error.code, expiredHoldMs);
    else socket.endFor(error, retryClose);
    void this.#editor?.end();
  }
}

/** All that a client does with it is to warn on its console. */
function refusal({ code, message }: LongwaveError): Frame {
  return encodeBinaryFrame(new ByteWriter().uint(messageType.auth).uint(0).text(`${code}: ${message}`).finish());
}

/** The room of a URL. Throws `unknown-channel`. */
function decodeRoom(path: string): string {
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    throw new LongwaveError('unknown-channel', 'The room is no text in percent-encoding.');
  }
}

function tokenOf(query: URLSearchParams, protocols: string | undefined): string | undefined {
  const offered = protocols?.split(',').map((name) => name.trim());
  const token = query.get('token') ?? offered?.find((name) => name.startsWith(tokenPrefix))?.slice(tokenPrefix.length);
  if (token !== undefined && token.length > wireLimits.tokenLength) throw new LongwaveError('unauthenticated');
  return token;
}

function paramsOf(query: URLSearchParams): Readonly<Record<string, string>> | undefined {
  const params = Object.fromEntries([...query].filter(([name]) => name !== 'token'));
  return Object.keys(params).length > 0 ? params : undefined;
}
