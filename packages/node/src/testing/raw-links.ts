import {
  type ClientFrame,
  type CodecName,
  type ReceivedFrame,
  createClientCodec,
  createEventReader,
  subprotocols,
} from '@longwave/protocol';
import WebSocket from 'ws';

/** A peer that sends whatever a test gives it, over one transport and in one codec. */
export interface RawLink {
  /** Frames that the server has sent so far. */
  readonly frames: readonly ReceivedFrame[];
  /** Close code of a WebSocket, or the status of a refused request. */
  readonly closed: number | undefined;
  send(...parts: readonly (string | Uint8Array)[]): void;
  /** Resolves when `enough`, or with the end of the link. */
  until(enough: (frames: readonly ReceivedFrame[]) => boolean): Promise<readonly ReceivedFrame[]>;
  end(): void;
}

abstract class Heard {
  readonly frames: ReceivedFrame[] = [];
  closed: number | undefined;
  #onNews: () => void = () => undefined;

  protected news(): void {
    this.#onNews();
  }

  async until(enough: (frames: readonly ReceivedFrame[]) => boolean): Promise<readonly ReceivedFrame[]> {
    while (this.closed === undefined && !enough(this.frames)) {
      await new Promise<void>((resolve) => (this.#onNews = resolve));
    }
    return this.frames;
  }
}

class SocketLink extends Heard implements RawLink {
  readonly #socket: WebSocket;
  readonly #codec: CodecName;

  constructor(socket: WebSocket, codec: CodecName) {
    super();
    this.#socket = socket;
    this.#codec = codec;
    const { decode } = createClientCodec(codec);
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      this.frames.push(...(decode(codec === 'json' ? data.toString() : Uint8Array.from(data)) as ReceivedFrame[]));
      this.news();
    });
    socket.on('close', (code) => {
      this.closed = code;
      this.news();
    });
  }

  send(...parts: readonly (string | Uint8Array)[]): void {
    this.#socket.send(join(this.#codec, parts));
  }

  end(): void {
    this.#socket.terminate();
  }
}

/** One request: what is sent is its body. */
class RequestLink extends Heard implements RawLink {
  readonly #url: string;
  readonly #codec: CodecName;
  readonly #abort = new AbortController();

  constructor(url: string, codec: CodecName) {
    super();
    this.#url = url;
    this.#codec = codec;
  }

  send(...parts: readonly (string | Uint8Array)[]): void {
    void this.#run(join(this.#codec, parts)).catch(() => undefined);
  }

  async #run(body: string | Uint8Array<ArrayBuffer>): Promise<void> {
    const response = await fetch(this.#url, { method: 'POST', body, signal: this.#abort.signal });
    const read = createEventReader(this.#codec);
    const { decode } = createClientCodec(this.#codec);
    if (response.ok) {
      for await (const piece of response.body!) {
        for (const message of read(piece)) this.frames.push(...(decode(message) as ReceivedFrame[]));
        this.news();
      }
    }
    this.closed = response.status;
    this.news();
  }

  end(): void {
    this.#abort.abort();
  }
}

function join(codec: CodecName, parts: readonly (string | Uint8Array)[]): string | Uint8Array<ArrayBuffer> {
  return codec === 'json' ? parts.join('\n') : Uint8Array.from(Buffer.concat(parts as readonly Uint8Array[]));
}

/** `url` is that of the endpoint, with `http:`. */
export async function openRawLink(
  url: string,
  route: 'websocket' | 'stream' | 'poll' | 'send',
  codec: CodecName,
): Promise<RawLink> {
  if (route !== 'websocket') {
    const query = route === 'poll' ? '&hold=10000&now=1' : '';
    return new RequestLink(`${url}/${route}?codec=${codec}${query}`, codec);
  }
  const socket = new WebSocket(url.replace('http', 'ws'), subprotocols[codec]);
  const link = new SocketLink(socket, codec);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return link;
}

/** A frame as it is written, whatever bound it goes beyond. */
export function rawFrame(codec: CodecName, frame: Readonly<Record<string, unknown>>): string | Uint8Array {
  return codec === 'json' ? JSON.stringify(frame) : createClientCodec(codec).encode(frame as unknown as ClientFrame);
}
