import { type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { type ReceivedFrame, createEventReader } from '@longwave/protocol';
import { readFrames } from './frames.js';
import { type Target, dialOptions } from './target.js';

export interface Question {
  readonly method?: string;
  /** The path below the endpoint's, such as `/poll?hold=0`. Default none. */
  readonly below?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A POST of frames. */
  readonly body?: string;
  readonly timeoutMs?: number;
  /** Told of each frame as it comes. True: that is all we want to know, the request is given up. */
  readonly enough?: (frame: ReceivedFrame) => boolean;
  readonly signal?: AbortSignal;
}

/** The outcome of one HTTP request. Times are milliseconds since it was begun. */
export interface Exchange {
  /** `cut`: the connection ended before the answer did. `stopped`: by us, having seen enough or been told to. */
  readonly end: 'complete' | 'cut' | 'timeout' | 'stopped';
  /** Why it was cut. */
  readonly error: string;
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly frames: readonly ReceivedFrame[];
  /** The first of the body, when it is no stream of frames. */
  readonly text: string;
  readonly headMs: number | undefined;
  readonly firstByteMs: number | undefined;
  readonly endMs: number;
}

const textLimit = 2000;

/** One request over a connection of its own, as a browser would send it. Never rejects, and ends in any case. */
export function exchange(target: Target, question: Question = {}): Promise<Exchange> {
  const { body, below = '', timeoutMs = target.timeoutMs, signal } = question;
  const startedAt = target.now();
  const sinceStart = (): number => Math.round(target.now() - startedAt);
  const seen: { -readonly [Key in keyof Exchange]: Exchange[Key] } = {
    end: 'cut',
    error: '',
    status: undefined,
    headers: {},
    frames: [],
    text: '',
    headMs: undefined,
    firstByteMs: undefined,
    endMs: 0,
  };
  return new Promise((resolve) => {
    const send = target.secure ? httpsRequest : httpRequest;
    const request = send({
      ...dialOptions(target),
      agent: false,
      method: question.method ?? (body === undefined ? 'GET' : 'POST'),
      path: `${target.path}${below}`,
      headers: {
        Host: target.host,
        ...(target.origin !== undefined && { Origin: target.origin }),
        'Accept-Encoding': 'gzip, deflate, br',
        ...(body !== undefined && {
          'Content-Type': 'text/plain; charset=UTF-8',
          'Content-Length': Buffer.byteLength(body),
        }),
        ...question.headers,
      },
    });
    const finish = (end: Exchange['end'], error = ''): void => {
      if (seen.endMs > 0) return;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      Object.assign(seen, { end, error, endMs: Math.max(1, sinceStart()) });
      request.destroy();
      resolve(seen);
    };
    const onAbort = (): void => finish('stopped');
    const timer = setTimeout(() => finish('timeout'), timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    request.on('error', (error) => finish('cut', error.message || String(error)));
    const onClose = (): void => finish('cut', 'The connection was closed without an answer.');
    request.on('close', onClose);
    request.on('response', (response) => {
      // The request may close before what came of it has been read.
      request.off('close', onClose);
      Object.assign(seen, { status: response.statusCode, headers: response.headers, headMs: sinceStart() });
      response.once('data', () => (seen.firstByteMs = sinceStart()));
      read(response, {
        onFrame: (frame) => {
          seen.frames = [...seen.frames, frame];
          if (question.enough?.(frame) === true) finish('stopped');
        },
        onText: (text) => (seen.text = (seen.text + text).slice(0, textLimit)),
        onEnd: () => finish('complete'),
        onCut: (why) => finish('cut', why),
      });
    });
    if (signal?.aborted) onAbort();
    else request.end(body);
  });
}

interface Reading {
  onFrame(frame: ReceivedFrame): void;
  onText(text: string): void;
  onEnd(): void;
  onCut(why: string): void;
}

function read(response: IncomingMessage, { onFrame, onText, onEnd, onCut }: Reading): void {
  const inflater = inflaterOf(response.headers['content-encoding']);
  const source = inflater ? response.pipe(inflater) : response;
  const isStream = /^text\/event-stream\b/.test(response.headers['content-type'] ?? '');
  const events = createEventReader('json');
  source.on('data', (chunk: Buffer) => {
    if (!isStream) return onText(chunk.toString());
    for (const message of events(chunk)) for (const frame of readFrames(String(message))) onFrame(frame);
  });
  source.on('end', onEnd);
  source.on('error', (error: Error) => onCut(error.message));
  response.on('error', (error) => onCut(error.message));
  response.on('close', () => {
    if (!response.complete) onCut('The connection was closed in the middle of the answer.');
  });
}

function inflaterOf(encoding: string | undefined) {
  switch (encoding) {
    case 'gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    case undefined:
    default:
      return undefined;
  }
}
