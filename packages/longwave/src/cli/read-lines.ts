import type { Readable } from 'node:stream';

export interface Line {
  /** Counts from 1. */
  readonly number: number;
  /** Without its line break. Undefined: it was longer than allowed, and was thrown away. */
  readonly text: string | undefined;
}

/**
 * The lines of a stream, no faster than they are asked for, the last one with or without a line break.
 * Ends at the end of the stream, and when `signal` aborts.
 */
export async function* readLines(stream: Readable, maxLength: number, signal: AbortSignal): AsyncGenerator<Line> {
  if (signal.aborted) return;
  stream.setEncoding('utf8');
  const stop = (): void => void stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  let number = 0;
  let rest = '';
  let skipping = false;
  const line = (text: string): Line => {
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
    const result = { number: ++number, text: skipping || whole.length > maxLength ? undefined : whole };
    skipping = false;
    return result;
  };
  try {
    for await (const chunk of stream as AsyncIterable<string>) {
      let start = 0;
      for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
        yield line(rest + chunk.slice(start, end));
        if (signal.aborted) return;
        rest = '';
        start = end + 1;
      }
      if (!skipping) rest += chunk.slice(start);
      // One character may be the line break's carriage return.
      if (rest.length > maxLength + 1) {
        skipping = true;
        rest = '';
      }
    }
    if (rest !== '' || skipping) yield line(rest);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
