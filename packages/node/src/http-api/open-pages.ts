import type { Operation } from '@longwave/protocol';
import { carrierOf, endSoon, limitBacklog, responseTimeoutMs } from '../http/plug.js';
import { HttpProblem } from '../http/problem.js';
import type { Request } from './route.js';

/** Characters of a page that are made at once: what is not read yet is not made. */
const pieceLength = 64 * 1024;
/** Payload units that all pages on their way may hold together. */
const maxOpenUnits = 64 * 1024 * 1024;

/** An answer with operations in it, as JSON text around them. */
export interface Page {
  readonly head: string;
  readonly ops: readonly Operation[];
  readonly toJson: (op: Operation) => string;
  readonly tail: string;
}

/** The pages that are on their way to those who asked: however many are asked for and not read, what they hold is bounded (HTTP-16). */
export class OpenPages {
  #units = 0;

  /** Throws `unavailable`. */
  answer(context: Request, page: Page): Response {
    const units = page.ops.reduce((sum, { payload }) => sum + payload.length, 0);
    const body = units <= pieceLength ? [...piecesOf(page)].join('') : this.#stream(context, page, units);
    return context.body(body, 200, { 'content-type': 'application/json' });
  }

  #stream({ env: { outgoing } }: Request, page: Page, units: number): ReadableStream<Uint8Array> {
    if (this.#units + units > maxOpenUnits) throw new HttpProblem('unavailable', 'Too many pages are on their way.');
    this.#units += units;
    let open = true;
    const end = (): void => {
      if (open) this.#units -= units;
      open = false;
    };
    outgoing.once('close', end);
    endSoon(outgoing, responseTimeoutMs);
    limitBacklog(carrierOf(outgoing));
    const pieces = piecesOf(page);
    const encoder = new TextEncoder();
    return new ReadableStream(
      {
        pull(controller) {
          const { done, value } = pieces.next();
          if (done) controller.close();
          else controller.enqueue(encoder.encode(value));
        },
      },
      { highWaterMark: 0 },
    );
  }
}

function* piecesOf({ head, ops, toJson, tail }: Page): Generator<string, undefined> {
  let piece = head;
  for (const [index, op] of ops.entries()) {
    piece += `${index > 0 ? ',' : ''}${toJson(op)}`;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield piece + tail;
}
