import type { Client } from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import { type Store, createStore } from '../lib/store.js';

/** While somebody types they say so this often; who has not for `expireMs` has stopped, or is gone. */
const sayEveryMs = 2_000;
const expireMs = 5_000;

/** People who write just now. It passes: it is not worth a retry, nor a place in the log. */
export interface Typing {
  /** Names of the others, the first to begin first. */
  readonly store: Store<readonly string[]>;
  open(): () => void;
  /** To be called at each change of the draft. An empty one is not being typed. */
  typed(text: string): void;
}

interface TypingOptions {
  readonly client: Client<GalleryChannels>;
  readonly room: string;
  readonly user: string | undefined;
}

export function createTyping({ client, room, user }: TypingOptions): Typing {
  const channel = client.channel(`chat-typing/${room}`);
  const store = createStore<readonly string[]>([]);
  const expiries = new Map<string, ReturnType<typeof setTimeout>>();
  let saidAt = -Infinity;

  const say = (isTyping: boolean): void => {
    // A signal that waits for a connection would come when it is no longer true.
    if (user === undefined || client.state.status !== 'connected') return;
    channel.publish({ isTyping }, { timeout: sayEveryMs }).catch(() => undefined);
  };

  const stopped = (name: string): void => {
    clearTimeout(expiries.get(name));
    if (expiries.delete(name)) store.set([...expiries.keys()]);
  };

  const started = (name: string): void => {
    clearTimeout(expiries.get(name));
    const isNew = !expiries.has(name);
    expiries.set(
      name,
      setTimeout(() => stopped(name), expireMs),
    );
    if (isNew) store.set([...expiries.keys()]);
  };

  return {
    store,
    open: () => {
      const subscription = channel.subscribe(({ isTyping }, meta) => {
        if (meta.user === undefined || meta.user === user || meta.recovered) return;
        if (isTyping) started(meta.user);
        else stopped(meta.user);
      });
      subscription.ready.catch(() => undefined);
      return () => {
        subscription.unsubscribe();
        for (const name of [...expiries.keys()]) stopped(name);
      };
    },
    typed: (text) => {
      const now = performance.now();
      if (text.trim() === '') {
        if (now - saidAt < expireMs) say(false);
        saidAt = -Infinity;
      } else if (now - saidAt >= sayEveryMs) {
        saidAt = now;
        say(true);
      }
    },
  };
}
