import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { isTextTooDeep, wireLimits } from '@longwave/protocol';
import { requireExactNumbers } from './exact-numbers.js';
import { HttpProblem } from './problem.js';

/** Levels around the data of a message, in a batch of them. The data itself is held to its bound when it is stored. */
const envelopeDepth = 3;

export interface BodyLimits {
  readonly bytes: number;
  /** Milliseconds from the head of the request to the end of its body. */
  readonly timeoutMs: number;
}

/** The body, held to its limits while it comes in. Throws `too-large`, `timeout` or `bad-frame`. */
export async function readJson(request: IncomingMessage, limits: BodyLimits): Promise<unknown> {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new HttpProblem('bad-frame', "The Content-Type must be 'application/json'.", 415);
  }
  const bytes = await readBytes(request, limits);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HttpProblem('bad-frame', 'The body is not UTF-8.');
  }
  if (isTextTooDeep(text, wireLimits.jsonDepth + envelopeDepth)) {
    throw new HttpProblem('invalid-data', `The body nests deeper than ${wireLimits.jsonDepth} levels.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new HttpProblem('bad-frame', `The body is not JSON: ${(error as SyntaxError).message}`);
  }
  requireExactNumbers(text);
  return value;
}

/** Whether there is a body at all (RFC 9112 §6). HTTP/2 tells it apart from the headers. */
export function hasBody(request: IncomingMessage): boolean {
  const { headers, httpVersionMajor } = request;
  if (httpVersionMajor > 1) return !(request as unknown as Http2ServerRequest).stream.endAfterHeaders;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Returns the body as middleware such as `express.json()` left it: the request itself has none left. */
function readBefore(request: IncomingMessage & { readonly body?: unknown }): Buffer | undefined {
  const { body } = request;
  if (!request.readableEnded || body === undefined) return undefined;
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** 415 for a body that is compressed: what it comes to could be a thousand times the limit. */
function compressionOf({ headers }: IncomingMessage): HttpProblem | undefined {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || /^\s*(?:identity)?\s*$/i.test(encoding)) return undefined;
  const told = encoding.slice(0, 40);
  return new HttpProblem('bad-frame', `The body must come without Content-Encoding, not as '${told}'.`, 415);
}

/**
 * Rejects with `too-large`, `timeout`, with `bad-frame` when the request is cut off, and with 415 when the body is
 * compressed. A body that middleware has read is taken from `request.body`.
 */
export function readBytes(request: IncomingMessage, { bytes: limit, timeoutMs }: BodyLimits): Promise<Buffer> {
  const tooLarge = () => new HttpProblem('too-large', `The body may have ${limit} bytes.`);
  const before = readBefore(request);
  if (before) return before.length > limit ? Promise.reject(tooLarge()) : Promise.resolve(before);
  const compressed = compressionOf(request);
  if (compressed) return Promise.reject(compressed);
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(
      () => finish(() => reject(new HttpProblem('timeout', `The body did not come within ${timeoutMs} ms.`))),
      timeoutMs,
    );
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) finish(() => reject(tooLarge()));
      else chunks.push(chunk);
    };
    const onEnd = (): void => finish(() => resolve(Buffer.concat(chunks)));
    const onCut = (): void => finish(() => reject(new HttpProblem('bad-frame', 'The request was cut off.')));
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('error', onCut).off('close', onCut);
      // The rest of the body must not be kept, and must not fail anything.
      request.on('error', () => undefined).pause();
      settle();
    };
    request.on('data', onData).on('end', onEnd).on('error', onCut).on('close', onCut);
  });
}
