import type { DialectHost, DialectVisit } from '@longwave/node';
import { LongwaveError } from '@longwave/protocol';
import type { Library } from '../documents/library.js';
import type { ResolvedOptions } from '../options.js';
import { DialectSocket } from '../sockets/dialect-socket.js';
import type { DialectCounts } from '../sockets/editor.js';
import { ByteReader } from '../updates/byte-reader.js';
import { hocuspocusType, pingFrame, pongFrame } from './messages.js';
import { OpenDocument, resetClose } from './open-document.js';
import { messageType } from '../wire/y-forms.js';

export interface HocuspocusSocketOptions {
  readonly host: DialectHost;
  readonly library: Library;
  readonly options: ResolvedOptions;
  readonly counts: DialectCounts;
  readonly said: (document: OpenDocument, payload: string) => void;
  readonly onClose: () => void;
}

/** Documents of one socket, those that were denied included. */
const maxDocuments = 100;
const maxKeyLength = 1024;
/** Time to be let into a first document. */
const openingMs = 60_000;

/** A socket of Hocuspocus: any number of documents, each with a token of its own. */
export class HocuspocusSocket {
  readonly #visit: DialectVisit;
  readonly #options: HocuspocusSocketOptions;
  readonly #socket: DialectSocket;
  readonly #documents = new Map<string, OpenDocument>();
  readonly #opening: NodeJS.Timeout;
  #earlyBytes = 0;
  #earlyMessages = 0;
  /** It told its version with its token: only those that do know a ping. */
  #knowsPing = false;

  constructor(visit: DialectVisit, options: HocuspocusSocketOptions) {
    this.#visit = visit;
    this.#options = options;
    const { counts, onClose } = options;
    counts.sockets++;
    this.#opening = setTimeout(() => this.#socket.endWith(4408, 'timeout', 0), openingMs).unref();
    this.#socket = new DialectSocket({
      peer: visit.socket,
      rate: options.options,
      onMessage: (bytes) => this.#take(bytes),
      onDrain: () => {
        for (const document of this.#documents.values()) document.drained();
      },
      onHeard: () => {
        for (const document of this.#documents.values()) document.heard();
      },
      onClose: () => {
        counts.sockets--;
        clearTimeout(this.#opening);
        for (const document of this.#documents.values()) document.end();
        onClose();
      },
    });
  }

  /** The documents that are open. */
  get documents(): Iterable<OpenDocument> {
    return [...this.#documents.values()].filter(({ isOpen }) => isOpen);
  }

  /** Clients close after 30 s of silence. */
  keepAlive(): void {
    if (!this.#socket.isQuiet || !this.#socket.writable) return;
    if (this.#knowsPing) this.#socket.send(pingFrame);
    else for (const document of this.documents) return document.keepAlive();
  }

  #take(bytes: Uint8Array): void {
    try {
      if (bytes.length === 1) return this.#takeByte(bytes[0]!);
      const reader = new ByteReader(bytes);
      const key = reader.text();
      if (key.length > maxKeyLength) throw new LongwaveError('too-large', 'The name of the document is too long.');
      this.#pass(key, reader.uint(), reader);
    } catch (error) {
      if (error instanceof LongwaveError) return this.#socket.endFor(error, resetClose);
      this.#options.host.logger.error('A socket of Hocuspocus failed.', error);
      this.#socket.endWith(resetClose, 'internal');
    }
  }

  #takeByte(type: number): void {
    if (type === hocuspocusType.ping) this.#socket.send(pongFrame);
    else if (type !== hocuspocusType.pong) throw new LongwaveError('bad-frame', 'A message of one byte is a ping.');
  }

  #pass(key: string, type: number, reader: ByteReader): void {
    if (type === hocuspocusType.close) {
      this.#documents.get(key)?.end();
      this.#documents.delete(key);
      return;
    }
    if (type === messageType.auth) this.#knowsPing ||= namesVersion(reader);
    (this.#documents.get(key) ?? this.#add(key)).take(type, reader);
  }

  #add(key: string): OpenDocument {
    if (this.#documents.size >= maxDocuments)
      throw new LongwaveError('too-many', `A socket has at most ${maxDocuments} documents.`);
    const { onClose: _, ...options } = this.#options;
    const document = new OpenDocument({
      ...options,
      key,
      info: this.#visit.info,
      socket: this.#socket,
      opened: () => clearTimeout(this.#opening),
      waits: (bytes) => this.#count(bytes),
    });
    this.#documents.set(key, document);
    return document;
  }

  /** GHSA-xwhh-v746-pj9m: a stranger must not fill the memory. */
  #count(bytes: number): void {
    const { earlyBytes, earlyMessages } = this.#options.options;
    this.#earlyBytes += bytes;
    this.#earlyMessages++;
    if (this.#earlyBytes > earlyBytes || this.#earlyMessages > earlyMessages)
      this.#socket.endWith(1009, 'too-large', 0);
  }
}

/** Whether a version follows the token. The reader stays where it is. */
function namesVersion(reader: ByteReader): boolean {
  const ahead = new ByteReader(reader.bytes, reader.at);
  ahead.uint();
  ahead.skipText();
  return !ahead.done;
}
