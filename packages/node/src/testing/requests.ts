import {
  type ClientFrame,
  type CodecName,
  type Connect,
  type ReceivedFrame,
  type Subscribe,
  createClientCodec,
  createEventReader,
  defineCalls,
  defineChannels,
  log,
  protocolVersion,
} from '@longwave/protocol';
import { expect, onTestFinished } from 'vitest';
import { createServer } from '../server/create-server.js';
import type { ServerOptions } from '../server/server-options.js';

const channels = defineChannels({ 'chat/:room': log({ retain: { maxCount: 100_000, maxBytes: 256 * 1024 * 1024 } }) });

export type TestServer = ReturnType<typeof createServer<typeof channels>>;
export type Route = 'stream' | 'poll' | 'send';
export const routes: readonly Route[] = ['stream', 'poll', 'send'];

/** A call that never answers, and one that answers at once. */
const calls = defineCalls({
  echo: { input: undefined, handle: (input) => input },
  never: { input: undefined, handle: () => new Promise<never>(() => undefined) },
});

/** A node on a port of its own, until the test has ended. */
export async function startNode(options: Partial<ServerOptions<typeof channels>> = {}) {
  const server = createServer({
    channels,
    calls,
    logger: { error: () => undefined, info: () => undefined },
    ...options,
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  return { server, port, url: `http://127.0.0.1:${port}${options.path ?? '/longwave'}` };
}

export function connectFrame(client = 'c', fields: Partial<Connect> = {}): Connect {
  return { type: 'connect', version: protocolVersion, client, ...fields };
}

export function subscribeFrame(fields: Partial<Subscribe> = {}): Subscribe {
  return { type: 'subscribe', id: 1, channel: 'chat/a', ...fields };
}

export function publishFrame(seq: number, data: unknown, after?: number): ClientFrame {
  return { type: 'publish', id: seq, channel: 'chat/a', seq, data, after };
}

export interface PostOptions {
  readonly codec?: CodecName;
  /** The rest of the query, after `codec=…`. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The response to one request, as it comes. */
export class Answer {
  readonly response: Response;
  /** Frames that came so far. */
  readonly frames: ReceivedFrame[] = [];
  readonly #abort: AbortController;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #codec: CodecName;
  readonly #read: (piece: Uint8Array) => (string | Uint8Array)[];

  constructor(response: Response, codec: CodecName, abort: AbortController) {
    this.response = response;
    this.#codec = codec;
    this.#abort = abort;
    this.#reader = response.body!.getReader();
    this.#read = createEventReader(codec);
  }

  /** Reads until what came meets `enough`. Throws when the response ends before. */
  async until(enough: (frames: readonly ReceivedFrame[]) => boolean): Promise<readonly ReceivedFrame[]> {
    while (!enough(this.frames)) {
      if (await this.#more()) continue;
      throw new Error(`The response ended after ${this.frames.map(({ type }) => type).join(', ')}.`);
    }
    return this.frames;
  }

  untilType(type: ReceivedFrame['type']): Promise<readonly ReceivedFrame[]> {
    return this.until((frames) => frames.some((frame) => frame.type === type));
  }

  /** Reads to the end of the response. */
  async whole(): Promise<readonly ReceivedFrame[]> {
    while (await this.#more());
    return this.frames;
  }

  /** Leaves in the middle of it. */
  leave(): void {
    this.#abort.abort();
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#reader.read();
    if (done) return false;
    const codec = createClientCodec(this.#codec);
    for (const frame of this.#read(value).flatMap((message) => codec.decode(message))) {
      if (frame.type === 'bad') throw new Error(frame.message);
      this.frames.push(frame);
    }
    return true;
  }
}

/** Posts frames, and gives the response as soon as its head is there. */
export async function post(
  url: string,
  route: Route,
  frames: readonly ClientFrame[],
  { codec: name = 'json', query = '', headers = {} }: PostOptions = {},
): Promise<Answer> {
  const codec = createClientCodec(name);
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await fetch(`${url}/${route}?codec=${name}${query}`, {
    method: 'POST',
    body: codec.join(frames.map((frame) => codec.encode(frame))) as BodyInit,
    headers: { 'content-type': 'text/plain', ...headers },
    signal: abort.signal,
  });
  return new Answer(response, name, abort);
}

/** Operations of `message` frames, each with its offset. */
export function operationsOf(frames: readonly ReceivedFrame[]): { readonly offset: number; readonly data: unknown }[] {
  return frames.flatMap((frame) =>
    frame.type === 'message' ? frame.ops.map(({ data }, i) => ({ offset: frame.offset + i, data })) : [],
  );
}

/** The node holds nothing of any client any more. */
export async function expectIdle(server: TestServer): Promise<void> {
  await expect.poll(() => server.engine.stats).toMatchObject({ connections: 0, subscriptions: 0, channels: 0 });
}
