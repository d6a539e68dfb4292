import type { LinkEvents, Transport } from 'longwave/client';
import { type Store, createStore } from '../lib/store.js';

interface CableState {
  /** When it was cut, in milliseconds since the Unix epoch. Undefined: it is whole. */
  readonly cutAt: number | undefined;
}

/** The network between this page and the server, which a visitor can cut: links over it end at once, and none opens until it is mended. */
export interface Cable {
  readonly state: Store<CableState>;
  cut(): void;
  mend(): void;
  /** A transport over this cable. */
  through(transport: Transport): Transport;
}

export function createCable(): Cable {
  const state = createStore<CableState>({ cutAt: undefined });
  const isCut = (): boolean => state.get().cutAt !== undefined;

  return {
    state,
    cut: () => {
      if (!isCut()) state.set({ cutAt: Date.now() });
    },
    mend: () => {
      if (isCut()) state.set({ cutAt: undefined });
    },
    through: (transport) => ({
      name: transport.name,
      connect: (url, codec, events) => {
        if (isCut()) return refuse(events);
        let isOver = false;
        let stop = (): void => undefined;
        const pass = (action: () => void): void => {
          if (!isOver) action();
        };
        const end = (): void => {
          isOver = true;
          stop();
        };
        const link = transport.connect(url, codec, {
          onOpen: () => pass(() => events.onOpen()),
          onMessage: (message, aside) => pass(() => events.onMessage(message, aside)),
          onLost: () => pass(() => events.onLost()),
          onRenew: () => pass(() => events.onRenew()),
          onClose: (close) =>
            pass(() => {
              end();
              events.onClose(close);
            }),
        });
        stop = state.subscribe(() => {
          if (!isCut()) return;
          end();
          link.close();
          // Nobody says goodbye when a cable is cut.
          events.onClose({ code: 1006 });
        });
        return {
          ...(link.early && { early: true }),
          ...(link.renew && { renew: (renewal) => pass(() => link.renew!(renewal)) }),
          send: (message) => pass(() => link.send(message)),
          close: (code, reason) => {
            end();
            link.close(code, reason);
          },
          get bufferedBytes() {
            return link.bufferedBytes ?? 0;
          },
        };
      },
    }),
  };
}

/** As where nothing listens: the attempt fails, a moment later. */
function refuse(events: LinkEvents): ReturnType<Transport['connect']> {
  const timer = setTimeout(() => events.onClose({ unanswered: 'refused' }));
  return { send: () => undefined, close: () => clearTimeout(timer) };
}
