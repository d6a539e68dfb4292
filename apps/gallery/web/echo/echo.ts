import type { Client, Subscription } from 'longwave/client';
import type { GalleryChannels } from '../../shared/channels.js';
import type { TraceEvent } from '../../shared/trace-event.js';
import type { Cable } from '../faults/cable.js';
import { randomHex } from '../lib/random-hex.js';
import { type Store, createStore } from '../lib/store.js';

const maxLines = 200;
const maxFrames = 200;

/** A message as the page sent or received it. */
export interface Line {
  readonly key: number;
  readonly direction: 'out' | 'in';
  readonly body: string | Uint8Array<ArrayBuffer>;
  /** From sending to its return; of the first line, which nothing was sent for, undefined. */
  readonly roundTripMs: number | undefined;
}

export type TracedFrame = Extract<TraceEvent, { kind: 'frame' }> & { readonly key: number };

export interface EchoState {
  readonly status: 'closed' | 'connecting' | 'open';
  /** How the last connection ended. */
  readonly ending: { readonly code: number; readonly reason: string } | undefined;
  readonly lines: readonly Line[];
  readonly request: string | undefined;
  readonly response: string | undefined;
  readonly frames: readonly TracedFrame[];
  /** Frames that passed without being shown. */
  readonly skipped: number;
}

export interface Echo {
  readonly store: Store<EchoState>;
  connect(): void;
  disconnect(): void;
  send(body: string | Uint8Array<ArrayBuffer>): void;
  /** Ends the connection and the trace. */
  dispose(): void;
}

const initial: EchoState = {
  status: 'closed',
  ending: undefined,
  lines: [],
  request: undefined,
  response: undefined,
  frames: [],
  skipped: 0,
};

interface EchoOptions {
  readonly client: Client<GalleryChannels>;
  readonly origin: string;
  /** The page's network. A plain WebSocket that is cut off stays so: nothing opens it again but its user. */
  readonly cable: Cable;
}

/**
 * A page's own WebSocket, with nothing of Longwave on it, and beside it, over Longwave, what the server saw of it:
 * a browser shows a page neither the handshake nor the frames.
 */
export function createEcho({ client, origin, cable }: EchoOptions): Echo {
  const store = createStore<EchoState>(initial);
  let socket: WebSocket | undefined;
  let trace: Subscription<TraceEvent> | undefined;
  let sentAt: number[] = [];
  let key = 0;

  const isCut = (): boolean => cable.state.get().cutAt !== undefined;
  const cutOff = (): void => {
    const open = socket;
    socket = undefined;
    open?.close();
    store.set((state) => ({ ...state, status: 'closed', ending: { code: 1006, reason: 'the network is cut' } }));
  };
  const stopFollowing = cable.state.subscribe(() => {
    if (socket && isCut()) cutOff();
  });

  const addLine = (line: Omit<Line, 'key'>): void => {
    store.set((state) => ({ ...state, lines: [...state.lines, { ...line, key: ++key }].slice(-maxLines) }));
  };

  // #region teach:echo-client
  const watch = (id: string): Subscription<TraceEvent> => {
    // From the start of the trace: what happened before the subscription stood is there as well.
    const subscription = client.channel(`echo/${id}`).subscribe({ from: { last: 500 } }, (event) => {
      store.set((state) => withTraced(state, event, ++key));
    });
    // Refused or closed: the panels say that nothing has come.
    subscription.ready.catch(() => undefined);
    return subscription;
  };
  // #endregion

  const connect = (): void => {
    if (socket) return;
    if (isCut()) {
      cutOff();
      return;
    }
    const id = randomHex(16);
    trace?.unsubscribe();
    trace = watch(id);
    sentAt = [];
    store.set({ ...initial, status: 'connecting' });
    // #region teach:echo-client
    const opened = new WebSocket(`${origin.replace(/^http/, 'ws')}/echo?trace=${id}`);
    socket = opened;
    opened.binaryType = 'arraybuffer';
    opened.onopen = () => store.set((state) => ({ ...state, status: 'open' }));
    // #endregion
    opened.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (socket !== opened) return;
      const isGreeting = store.get().lines.length === 0;
      const start = isGreeting ? undefined : sentAt.shift();
      addLine({
        direction: 'in',
        body: typeof data === 'string' ? data : new Uint8Array(data),
        roundTripMs: start === undefined ? undefined : performance.now() - start,
      });
    };
    opened.onclose = ({ code, reason }) => {
      if (socket !== opened) return;
      socket = undefined;
      store.set((state) => ({ ...state, status: 'closed', ending: { code, reason } }));
    };
  };

  return {
    store,
    connect,
    disconnect: () => socket?.close(1000, 'the button'),
    send: (body) => {
      if (socket?.readyState !== WebSocket.OPEN) return;
      addLine({ direction: 'out', body, roundTripMs: undefined });
      sentAt.push(performance.now());
      socket.send(body);
    },
    dispose: () => {
      stopFollowing();
      const open = socket;
      socket = undefined;
      open?.close(1000);
      trace?.unsubscribe();
      store.set((state) => ({ ...state, status: 'closed' }));
    },
  };
}

function withTraced(state: EchoState, event: TraceEvent, key: number): EchoState {
  switch (event.kind) {
    case 'request':
      return { ...state, request: event.head };
    case 'response':
      return { ...state, response: event.head };
    case 'frame':
      return {
        ...state,
        frames: [...state.frames, { ...event, key }].slice(-maxFrames),
        skipped: state.skipped + (state.frames.length >= maxFrames ? 1 : 0),
      };
    case 'skipped':
      return { ...state, skipped: state.skipped + event.frames };
  }
}
