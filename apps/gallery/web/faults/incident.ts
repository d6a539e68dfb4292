import { type Client, type ConnectionState, LongwaveError } from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import type { DemoCalls } from '../../shared/demo.js';
import { type Store, createStore } from '../lib/store.js';
import type { Cable } from './cable.js';
import type { Resumed, Witness } from './witness.js';

/** Subscriptions are answered within this time after a return, and not counted later: a visitor opens others. */
const settleMs = 3000;

/** Harm that a visitor did to the page or its server, and what became of it. */
export interface Incident {
  readonly kind: 'cut' | 'kill';
  readonly phase: 'away' | 'back';
  /** The connection was away for so long. */
  readonly awayMs: number;
  /** Another process answers now. */
  readonly isOther: boolean;
  /** Subscriptions that were asked for again, in the order of the answers. */
  readonly resumed: readonly Resumed[];
}

interface IncidentState {
  readonly incident: Incident | undefined;
  /** Whether this visitor may kill the server. Undefined: not known yet. */
  readonly canKill: boolean | undefined;
  /** Why the server was not killed. */
  readonly problem: string | undefined;
}

export interface Incidents {
  readonly store: Store<IncidentState>;
  cut(): void;
  mend(): void;
  kill(): void;
  dismiss(): void;
}

interface IncidentsOptions {
  readonly client: Client<GalleryChannels, DemoCalls>;
  readonly cable: Cable;
  readonly witness: Witness;
  readonly now?: () => number;
}

/** Does harm when it is asked to, and takes down how the page's client comes back from it. */
export function createIncidents({ client, cable, witness, now = Date.now }: IncidentsOptions): Incidents {
  const store = createStore<IncidentState>({ incident: undefined, canKill: undefined, problem: undefined });
  const set = (change: Partial<IncidentState>): void => store.set((state) => ({ ...state, ...change }));
  let stop = (): void => undefined;

  // Once: the answer is the same for as long as the page lives. Without one nobody may.
  client.call('demo/about', {}).then(
    ({ canKill }) => set({ canKill }),
    () => set({ canKill: false }),
  );

  const begin = (kind: Incident['kind']): void => {
    stop();
    const nodeBefore = nodeOf(client.state);
    let lostAt: number | undefined;
    let settling: ReturnType<typeof setTimeout> | undefined;
    const change = (part: Partial<Incident>): void =>
      store.set((state) => (state.incident ? { ...state, incident: { ...state.incident, ...part } } : state));

    const stopReading = witness.listen((resumed) => {
      if (lostAt === undefined) return;
      const others = (store.get().incident?.resumed ?? []).filter(({ channel }) => channel !== resumed.channel);
      change({ resumed: [...others, resumed] });
    });
    const stopWatching = client.onState((state) => {
      if (state.status !== 'connected') {
        lostAt ??= now();
        return;
      }
      if (lostAt === undefined) return;
      stopWatching();
      change({ phase: 'back', awayMs: now() - lostAt, isOther: nodeOf(state) !== nodeBefore });
      settling = setTimeout(stopReading, settleMs);
    });
    stop = () => {
      clearTimeout(settling);
      stopReading();
      stopWatching();
    };
    set({ incident: { kind, phase: 'away', awayMs: 0, isOther: false, resumed: [] }, problem: undefined });
  };

  return {
    store,
    cut: () => {
      begin('cut');
      cable.cut();
    },
    mend: () => {
      cable.mend();
      client.reconnect();
    },
    kill: () => {
      begin('kill');
      client.call('demo/kill', {}, { timeout: '5s' }).catch((error: unknown) => {
        // Death may be quicker than its announcement.
        if (error instanceof LongwaveError && error.code === 'connection-lost') return;
        stop();
        set({ incident: undefined, problem: error instanceof Error ? error.message : String(error) });
      });
    },
    dismiss: () => {
      stop();
      set({ incident: undefined, problem: undefined });
    },
  };
}

function nodeOf(state: ConnectionState): string | undefined {
  return state.status === 'connected' ? state.node : undefined;
}
