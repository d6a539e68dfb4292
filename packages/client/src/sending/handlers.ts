import type { Ask, ClientFrame } from '@longwave/protocol';
import { LongwaveError, Prepared, wireLimits } from '@longwave/protocol/client';
import { callback, check, fields } from '../base/check.js';
import { encodedSize } from '../base/encoded-size.js';
import type { FrameSender } from '../connection/frame-sender.js';
import type { CallChecks, Ports } from '../base/ports.js';

export type Handler = (input: unknown) => unknown;

/** Calls that are recognized when they come again, as they may within seconds. */
const remembered = 1000;

/** Functions of the application that answer the server's calls (CALL-3). */
export class Handlers {
  readonly #ports: Pick<Ports, 'reportError'>;
  readonly #sender: FrameSender;
  /** Calls that were made: one that a node makes again is answered once (CALL-4). */
  readonly #asked = new Set<number>();
  readonly #methods = new Map<string, Handler>();

  /** Those around calls in both directions. */
  readonly checks: CallChecks | undefined;

  constructor(ports: Pick<Ports, 'reportError'>, sender: FrameSender, checks: CallChecks | undefined) {
    this.#ports = ports;
    this.checks = checks;
    this.#sender = sender;
  }

  /** Returns a function that removes them. */
  add(handlers: Readonly<Record<string, Handler>>): () => void {
    check('handlers', handlers, fields({}));
    const added = Object.entries(handlers);
    for (const [method, handler] of added) check(method, handler, callback);
    for (const [method, handler] of added) this.#methods.set(method, handler);
    return () => {
      for (const [method, handler] of added) {
        if (this.#methods.get(method) === handler) this.#methods.delete(method);
      }
    };
  }

  /** Answers once, if the client is connected then. Never rejects. */
  async answer({ id, method, data }: Ask): Promise<void> {
    if (this.#asked.has(id)) return;
    this.#asked.add(id);
    if (this.#asked.size > remembered) this.#asked.delete(this.#asked.values().next().value!);
    const sender = this.#sender;
    const encode = (frame: ClientFrame) => sender.codec.encode(frame);
    let answer;
    try {
      const handler = this.#methods.get(method);
      if (!handler) throw new LongwaveError('unknown-method', method);
      answer = encode({
        type: 'answer',
        id,
        data: new Prepared(await (this.checks?.answer(method, data, handler) ?? handler(data))),
      });
      if (encodedSize(answer) > sender.messageBytes) throw new LongwaveError('too-large', method);
    } catch (error) {
      const isKnown = error instanceof LongwaveError;
      if (!isKnown) this.#ports.reportError(error);
      const { code, message } = isKnown ? error : new LongwaveError('internal');
      // Cut, or as it came from elsewhere, it may have half a character.
      const text = message.slice(0, wireLimits.refusalLength).replaceAll(/\p{Surrogate}/gu, '');
      answer = encode({ type: 'refuse', id, code, message: text });
    }
    if (sender.connected) sender.send(answer);
  }
}
