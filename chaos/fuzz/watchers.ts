import { type ClientFrame, type ReceivedFrame } from '@longwave/protocol';
import { Assembler, statesOf } from '@longwave/yjs/format';
import * as Y from 'yjs';
import { documentNames } from './contract.js';

const subscribe = (id: number, channel: string, view?: object): ClientFrame => ({
  type: 'subscribe',
  id,
  channel,
  view,
});

/** All that a watcher asks for: a channel of each mode, and views of the map. */
export function watched(): readonly ClientFrame[] {
  const whole = ['log', 'chat/a', 'map', 'deep', 'score', '@presence/chat/a', '@presence/doc/a', 'arena/a', 'hall/a'];
  return [
    ...[...whole, ...documentNames].map((channel, id) => subscribe(id, channel)),
    subscribe(100, 'map', { where: { speed: { gt: 10 } }, rate: 100 }),
    subscribe(101, 'map', { area: { at: ['lon', 'lat'], box: [-90, -90, 90, 90] } }),
    subscribe(102, 'map', { keys: ['k1', 'k2'] }),
    subscribe(103, 'map', { count: true }),
    subscribe(104, 'score', { where: { 'a.b.c': 1 } }),
    { type: 'enter', id: 200, channel: 'hall/a', data: {} },
  ];
}

/** Takes what is delivered as clients of documents and awareness do. They must not throw, whatever a server lets through. */
export class DocumentReader {
  readonly #documents = new Map<string, { readonly assembler: Assembler; readonly doc: Y.Doc }>();
  readonly #onUpdate: () => void;

  constructor(onUpdate: () => void) {
    this.#onUpdate = onUpdate;
  }

  take(frame: ReceivedFrame): void {
    if (frame.type === 'changes' && frame.channel === '@presence/doc/a')
      for (const { data } of frame.ops) statesOf((data as { readonly data?: unknown } | undefined)?.data);
    if (frame.type !== 'message' || !documentNames.includes(frame.channel)) return;
    let document = this.#documents.get(frame.channel);
    if (!document) this.#documents.set(frame.channel, (document = { assembler: new Assembler(), doc: new Y.Doc() }));
    for (const { data } of frame.ops) {
      for (const update of document.assembler.take(data as Uint8Array)) {
        Y.applyUpdate(document.doc, update);
        this.#onUpdate();
      }
    }
  }

  /** Begins anew, with empty documents. */
  clear(): void {
    for (const { doc } of this.#documents.values()) doc.destroy();
    this.#documents.clear();
  }
}
