import type { Client, From, Message, Position, ResetInfo, SubscribedInfo } from 'longwave/client';
import { LongwaveError } from 'longwave/client';
import type { KeptOutbox, Unsent } from 'longwave/client/persist';
import type { GalleryChannels } from '../../shared/channels.js';
import { randomHex } from '../lib/random-hex.js';
import { maxTextLength } from '../../shared/chat.js';
import type { Saved } from '../lib/saved.js';
import { type Store, createStore } from '../lib/store.js';
import { readPlace, savePlace } from './place.js';
import {
  type RoomState,
  type StoredMessage,
  emptyRoom,
  withBreak,
  withDeleted,
  withDeleting,
  withFate,
  withOutgoing,
  withPage,
  withReceived,
  withRedaction,
  withSubscribed,
  withoutDeleting,
  withoutOutgoing,
} from './room-state.js';

const pageSize = 50;
/** Shorter interruptions that lost nothing are not worth a word. */
const noticeableMs = 2000;

export interface Room {
  readonly store: Store<RoomState>;
  /** Where the reader was before a reload, unless that is the bottom. */
  readonly place: () => Position | undefined;
  savePlace(place: Position | undefined): void;
  /** Subscribes, and continues where the last opening ended. Returns how to leave. */
  open(): () => void;
  send(text: string): void;
  retry(id: string): void;
  /** A message that an earlier page left was refused. */
  refuse(unsent: Unsent, error: unknown): void;
  discard(id: string): void;
  /**
   * Deletes a message of ours for good, once `clear` has taken away what else there is of its text. It is shown as on its way until the log
   * says that it is gone.
   */
  remove(message: StoredMessage, clear: () => Promise<boolean>): void;
  loadOlder(): void;
  dismissNotice(): void;
  dismissProblem(): void;
}

interface RoomOptions {
  readonly client: Client<GalleryChannels>;
  readonly room: string;
  /** Messages on their way outlive the page. */
  readonly outbox: Pick<KeptOutbox, 'publish' | 'discard' | 'getSnapshot' | 'subscribe'>;
  readonly tab: Saved;
}

export function createRoom({ client, room, outbox, tab }: RoomOptions): Room {
  const channel = client.channel(`chat/${room}`);
  const store = createStore<RoomState>(emptyRoom);
  const initialPlace = readPlace(tab, room);
  let position: Position | undefined;
  let breaks = 0;

  // #region teach:chat-client
  const publish = (id: string, text: string): void => {
    outbox.publish(channel, { text }, { id }).then(
      (published) => store.set((state) => withFate(state, id, { status: 'stored', offset: published.position.offset })),
      (error: unknown) => store.set((state) => withFate(state, id, failure(error))),
    );
  };
  // #endregion

  const begin = (id: string, text: string, time: number): void => {
    store.set((state) => withOutgoing(state, { id, text, time, fate: { status: 'sending' } }));
    publish(id, text);
  };

  /** Ids of messages that an earlier page left, as far as they are on their way. */
  let restored: ReadonlySet<string> = new Set();
  const showRestored = (): void => {
    const unsent = outbox.getSnapshot().filter((each) => each.restored && each.channel === channel.name);
    const ids = new Set(unsent.map(({ id }) => id));
    for (const { id, data, time } of unsent) {
      const text = textOf(data);
      if (restored.has(id) || text === undefined) continue;
      store.set((state) => withOutgoing(state, { id, text, time, fate: { status: 'sending' } }));
    }
    // Answered publishes come through the log, or `refuse` tells of them.
    for (const id of restored) if (!ids.has(id)) store.set((state) => withoutOutgoing(state, id));
    restored = ids;
  };
  outbox.subscribe(showRestored);
  showRestored();

  const from = (): From => {
    if (position) return position;
    // With some messages above the place, so that it does not stand at the edge.
    if (initialPlace) return { epoch: initialPlace.epoch, offset: Math.max(0, initialPlace.offset - pageSize / 2) };
    return { last: pageSize };
  };

  const open = (): (() => void) => {
    let lostAt = client.state.status === 'connected' ? undefined : Date.now();
    let isFirst = true;
    const stopWatching = client.onState((state) => {
      if (state.status !== 'connected') lostAt ??= Date.now();
    });
    const onSubscribed = ({ position: at, recovering, reset }: SubscribedInfo): void => {
      const awayMs = lostAt === undefined ? undefined : Date.now() - lostAt;
      lostAt = undefined;
      const isReturn = !isFirst;
      isFirst = false;
      store.set((state) => {
        const next = withSubscribed(state, at);
        if (!isReturn || reset || awayMs === undefined) return next;
        if (recovering === 0 && awayMs < noticeableMs) return next;
        return { ...next, notice: { kind: 'recovered', awayMs, count: recovering } };
      });
    };
    const onReset = ({ reason, position: at, previous }: ResetInfo): void => {
      const awayMs = lostAt === undefined ? undefined : Date.now() - lostAt;
      store.set((state) => {
        const broken = withBreak(state, reason, at, `break-${++breaks}`);
        return previous === undefined && state.entries.length === 0
          ? broken
          : { ...broken, notice: { kind: 'reset', awayMs, reason } };
      });
    };
    // #region teach:chat-client
    const subscription = channel.subscribe(
      {
        from: from(),
        onSubscribed,
        onReset,
        onRedact: ({ target, position: at }) => store.set((state) => withRedaction(state, target.offset, at)),
        onEnd: (error) => store.set((state) => ({ ...state, status: 'ended', endedBecause: error.message })),
      },
      (data, meta) => store.set((state) => withReceived(state, toStored({ data, meta }))),
    );
    // #endregion
    // Its rejection is told by onEnd as well.
    subscription.ready.catch(() => undefined);
    return () => {
      position = subscription.position ?? position;
      stopWatching();
      subscription.unsubscribe();
    };
  };

  const loadOlder = (): void => {
    const { older, oldest } = store.get();
    if (older.status !== 'more' || oldest === undefined) return;
    store.set((state) => ({ ...state, older: { status: 'loading' } }));
    channel.history({ before: oldest.offset, limit: pageSize, epoch: oldest.epoch }).then(
      (page) =>
        store.set((state) =>
          // A reset while the page was on its way: it belongs to what stands above the break.
          state.older.status === 'loading'
            ? withPage(state, { ...page, messages: page.messages.map(toStored) })
            : state,
        ),
      (error: unknown) =>
        store.set((state) =>
          state.older.status === 'loading' ? { ...state, older: { status: 'more', error: describe(error) } } : state,
        ),
    );
  };

  const remove = async ({ key, epoch, offset }: StoredMessage, clear: () => Promise<boolean>): Promise<void> => {
    store.set((state) => withDeleting(state, key));
    try {
      const isClear = await clear();
      if (isClear) await channel.redact({ epoch, offset });
      store.set((state) => (isClear ? withDeleted(state, key) : withoutDeleting(state, key)));
    } catch (error) {
      store.set((state) => withoutDeleting(state, key, describe(error)));
    }
  };

  return {
    store,
    place: () => readPlace(tab, room),
    savePlace: (place) => savePlace(tab, room, place),
    open,
    send: (text) => begin(randomHex(16), text, Date.now()),
    retry: (id) => {
      const outgoing = store.get().outgoing.find((candidate) => candidate.id === id);
      if (outgoing) begin(id, outgoing.text, outgoing.time);
    },
    refuse: (unsent, error) => {
      const text = textOf(unsent.data);
      if (text === undefined) return;
      const { id, time } = unsent;
      store.set((state) => withOutgoing(state, { id, text, time, fate: failure(error) }));
    },
    discard: (id) => {
      outbox.discard(id);
      store.set((state) => withoutOutgoing(state, id));
    },
    remove: (message, clear) => void remove(message, clear),
    loadOlder,
    dismissProblem: () => store.set((state) => ({ ...state, problem: undefined })),
    dismissNotice: () => store.set((state) => ({ ...state, notice: undefined })),
  };
}

function toStored({ data, meta }: Message<{ readonly text: string } | undefined>): StoredMessage {
  const { epoch, offset, time, id, user } = meta;
  return { kind: 'message', key: `${epoch}:${offset}`, epoch, offset, time, id, user, text: data?.text };
}

/** The text of a message that was kept, perhaps by an older version of the page. */
function textOf(data: unknown): string | undefined {
  const text = typeof data === 'object' && data !== null ? (data as { readonly text?: unknown }).text : undefined;
  return typeof text === 'string' && text.length <= maxTextLength ? text : undefined;
}

function failure(error: unknown): Extract<RoomState['outgoing'][number]['fate'], { status: 'failed' }> {
  const isOurs = error instanceof LongwaveError;
  return {
    status: 'failed',
    code: isOurs ? error.code : 'error',
    message: describe(error),
    canRetry: !isOurs || error.advice === 'retry' || error.advice === 'reauthenticate' || error.code === 'closed',
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
