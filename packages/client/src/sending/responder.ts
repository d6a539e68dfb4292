import type { Ask, ClientFrame } from '@longwave/protocol';
import { LongwaveError, Prepared, refusalLength } from '@longwave/protocol/client';
import type { Ports } from '../base/ports.js';
import type { FrameSender } from '../connection/frame-sender.js';
import type { Handlers } from './handlers.js';

/** Calls that are recognized when they come again, as they may within seconds. */
const remembered = 1000;

/** Answers the server's calls by the application's handlers (CALL-3). */
export class Responder {
  readonly #ports: Pick<Ports, 'reportError'>;
  readonly #sender: FrameSender;
  readonly #handlers: Handlers;
  /** Calls that were made: one that a node makes again is answered once (CALL-4). */
  readonly #asked = new Set<number>();

  constructor(ports: Pick<Ports, 'reportError'>, sender: FrameSender, handlers: Handlers) {
    this.#ports = ports;
    this.#sender = sender;
    this.#handlers = handlers;
  }

  /** Answers once, if the client is connected then. Never rejects. */
  async answer({ id, method, data }: Ask): Promise<void> {
    if (this.#asked.has(id)) return;
    this.#asked.add(id);
    if (this.#asked.size > remembered) this.#asked.delete(this.#asked.values().next().value!);
    const sender = this.#sender;
    const encode = (frame: ClientFrame) => sender.codec.encode(frame);
    const { checks } = this.#handlers;
    let answer;
    try {
      const handler = this.#handlers.get(method);
      if (!handler) throw new LongwaveError('unknown-method', method);
      answer = encode({
        type: 'answer',
        id,
        data: new Prepared(await (checks?.answer(method, data, handler) ?? handler(data))),
      });
      const error = sender.excess(answer);
      if (error) throw error;
    } catch (error) {
      const isKnown = error instanceof LongwaveError;
      if (!isKnown) this.#ports.reportError(error);
      const { code, message } = isKnown ? error : new LongwaveError('internal');
      // Cut, or as it came from elsewhere, it may have half a character.
      const text = message.slice(0, refusalLength).replaceAll(/\p{Surrogate}/gu, '');
      answer = encode({ type: 'refuse', id, code, message: text });
    }
    if (sender.connected) sender.send(answer);
  }
}
