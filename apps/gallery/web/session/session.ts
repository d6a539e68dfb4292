import { type Client, type Transport, connect } from 'longwave/client';
import { type KeptOutbox, openOutbox } from 'longwave/client/persist';
import { cleanName, guestToken } from '../../shared/chat.js';
import type { GalleryChannels } from '../../shared/channels.js';
import type { CompareCalls } from '../../shared/compare.js';
import type { DemoCalls } from '../../shared/demo.js';
import type { ScoresCalls } from '../../shared/scores/match.js';
import type { AssistantCalls } from '../../shared/assistant/talk.js';
import type { InboxCalls } from '../../shared/inbox/notice.js';
import type { CommentCalls } from 'longwave/yjs/server';
import type { WriteCalls } from '../../shared/write-versions.js';
import type { TickerCalls } from '../../shared/ticker/market.js';
import { type LiveRoom, createLiveRoom } from '../chat/live-room.js';
import { type Unread, createUnread } from '../chat/unread.js';
import type { Cable } from '../faults/cable.js';
import { type Incidents, createIncidents } from '../faults/incident.js';
import type { Witness } from '../faults/witness.js';
import { countingTransports } from '../compare/counting-transports.js';
import { type Tally, createTally } from '../compare/tally.js';
import type { Saved } from '../lib/saved.js';
import { type Store, createStore } from '../lib/store.js';

type GalleryCalls = CompareCalls &
  TickerCalls &
  ScoresCalls &
  WriteCalls &
  CommentCalls &
  DemoCalls &
  AssistantCalls &
  InboxCalls;
export type GalleryClient = Client<GalleryChannels, GalleryCalls>;

/** One Longwave client for the whole page, and what is open over it. */
export interface Session {
  readonly name: string | undefined;
  readonly client: GalleryClient;
  /** Messages that wait for their acknowledgement, over reloads. */
  readonly outbox: KeptOutbox;
  /** Traffic over its connections so far. */
  readonly traffic: Readonly<Tally>;
  /** The network of all clients of this page. */
  readonly cable: Cable;
  /** A transport over it, which is read along. */
  readonly wire: (transport: Transport) => Transport;
  readonly incidents: Incidents;
  /** Opened rooms stay: coming back to one continues where it was. */
  room(name: string): LiveRoom;
  readonly unread: Unread;
  /** Whether a message is still on its way, which a change of name would abandon. */
  hasUnsent(): boolean;
}

export interface Sessions extends Pick<Store<Session>, 'get' | 'subscribe'> {
  /** Another name is another identity, hence another connection. */
  rename(name: string): void;
}

interface SessionsOptions {
  readonly url: string;
  /** Outlives the page, for all tabs. */
  readonly saved: Saved;
  /** Outlives a reload of this tab. */
  readonly tab: Saved;
  readonly cable: Cable;
  readonly witness: Witness;
}

export function createSessions({ url, saved, tab, cable, witness }: SessionsOptions): Sessions {
  const wire = (transport: Transport): Transport => cable.through(witness.through(transport));
  const open = (name: string | undefined): Session => {
    const traffic = createTally();
    const client = connect<GalleryChannels, GalleryCalls>(url, {
      ...(name !== undefined && { token: guestToken.encode(name) }),
      transport: countingTransports(traffic).map(wire),
    });
    const unread = createUnread({ client, user: name });
    const rooms = new Map<string, LiveRoom>();
    // Another name is another user, in whose name nothing of this one may be sent.
    const outbox = openOutbox(client, {
      name: `chat:${name ?? ''}`,
      onRefused: (unsent, error) => {
        const room = unsent.channel.replace('chat/', '');
        rooms.get(room)?.messages.refuse(unsent, error);
      },
    });
    return {
      outbox,
      name,
      client,
      traffic,
      cable,
      wire,
      incidents: createIncidents({ client, cable, witness }),
      room: (room) => {
        const known = rooms.get(room);
        if (known) return known;
        const made = createLiveRoom({ client, room, user: name, outbox, tab, unread });
        rooms.set(room, made);
        return made;
      },
      unread,
      hasUnsent: () => [...rooms.values()].some(({ messages }) => messages.store.get().outgoing.length > 0),
    };
  };

  const savedName = saved.read('name');
  const store = createStore(open(typeof savedName === 'string' ? cleanName(savedName) : undefined));
  return {
    get: store.get,
    subscribe: store.subscribe,
    rename: (name) => {
      const before = store.get();
      if (name === before.name) return;
      saved.write('name', name);
      store.set(open(name));
      before.outbox.close();
      before.client.close();
    },
  };
}
