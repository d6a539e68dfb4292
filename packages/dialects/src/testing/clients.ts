import { onTestFinished } from 'vitest';
import WebSocket from 'ws';
import * as Y from 'yjs';
import { Awareness } from 'y-protocols/awareness';
import * as hocuspocus2 from 'hocuspocus-provider-2';
import * as hocuspocus3 from 'hocuspocus-provider-3';
import * as hocuspocus4 from 'hocuspocus-provider-4';
import { WebsocketProvider as YWebsocket1 } from 'y-websocket-1';
import { WebsocketProvider as YWebsocket2 } from 'y-websocket-2';
import { WebsocketProvider as YWebsocket3 } from 'y-websocket-3';
import { WebsocketProvider as YWebsocket31 } from 'y-websocket-3-1';

/** An editor that has a document open by an unmodified client of another project. */
export interface Editor {
  readonly name: string;
  readonly doc: Y.Doc;
  readonly text: Y.Text;
  readonly awareness: Awareness;
  /** All that the server had is there. */
  synced(): Promise<void>;
  /** Drops the connection until `connect`. */
  disconnect(): void;
  connect(): void;
  close(): void;
  /** Reads nothing of what it is sent, or reads on. */
  stall(stalled: boolean): void;
  /** The codes by which the server closed its connections; 1006 where it was told none. */
  readonly closed: readonly number[];
  /** Has another token for its next connection, as an application may. */
  renew?(token: string): void;
}

interface EditorOptions {
  readonly token?: string | (() => string);
  readonly doc?: Y.Doc;
}

export interface HocuspocusEditorOptions extends EditorOptions {
  /** One that is open already. */
  readonly socket?: HocuspocusSocketLike;
  readonly sessionAwareness?: boolean;
}

export interface HocuspocusEditor extends Editor {
  readonly provider: HocuspocusLike;
  readonly socket: HocuspocusSocketLike;
}

type Open = (port: number, room: string, options?: EditorOptions) => Editor;

/** The common part of the versions of y-websocket. */
interface YWebsocketLike {
  readonly awareness: Awareness;
  readonly synced: boolean;
  url: string;
  params: object;
  on(event: 'sync', listener: (synced: boolean) => void): unknown;
  connect(): void;
  disconnect(): void;
  destroy(): void;
}

const yVersions = {
  'y-websocket 1': YWebsocket1,
  'y-websocket 2': YWebsocket2,
  'y-websocket 3': YWebsocket3,
  'y-websocket 3.1': YWebsocket31,
};

const hocuspocusVersions = { 'hocuspocus 2': hocuspocus2, 'hocuspocus 3': hocuspocus3, 'hocuspocus 4': hocuspocus4 };
type HocuspocusName = keyof typeof hocuspocusVersions;

/** The common part of the three versions of the provider. */
interface HocuspocusLike {
  readonly awareness: Awareness;
  readonly isSynced: boolean;
  readonly unsyncedChanges: number;
  readonly authorizedScope?: string;
  on(event: string, listener: (said: never) => void): unknown;
  /** Version 2 attaches by itself. */
  attach?(): void;
  destroy(): void;
  sendStateless(payload: string): void;
}

/** Their socket, which may carry several documents. */
interface HocuspocusSocketLike {
  on(event: string, listener: (said: never) => void): unknown;
  connect(): void;
  disconnect(): void;
  destroy(): void;
}

interface HocuspocusClasses {
  readonly HocuspocusProvider: new (options: object) => HocuspocusLike;
  readonly HocuspocusProviderWebsocket: new (options: object) => HocuspocusSocketLike;
}

export const yWebsocketNames = Object.keys(yVersions) as (keyof typeof yVersions)[];
export const hocuspocusNames = Object.keys(hocuspocusVersions) as HocuspocusName[];

/** The editors of all named versions. */
export const openers: Readonly<Record<string, Open>> = Object.fromEntries([
  ...yWebsocketNames.map((name) => [name, openYWebsocket(name)] as const),
  ...hocuspocusNames.map((name) => [name, openHocuspocus(name)] as const),
]);

/** Some versions close a socket that is not open yet, and listen for no error then. */
class PatientWebSocket extends WebSocket {
  constructor(url: string, protocols?: string[]) {
    super(url, protocols);
    this.on('error', () => undefined);
  }
}

/** The sockets of one editor, one after the other. */
function watchSockets() {
  const closed: number[] = [];
  let current: WebSocket | undefined;
  const watch = (socket: WebSocket): void => {
    current = socket;
    socket.on('close', (code) => void closed.push(code));
  };
  class WatchedWebSocket extends PatientWebSocket {
    constructor(url: string, protocols?: string[]) {
      super(url, protocols);
      watch(this);
    }
  }
  return {
    WebSocketPolyfill: WatchedWebSocket as unknown as typeof globalThis.WebSocket,
    closed,
    stall(stalled: boolean): void {
      if (stalled) current?.pause();
      else current?.resume();
    },
  };
}

function openYWebsocket(name: keyof typeof yVersions): Open {
  return (port, room, { token, doc = new Y.Doc() } = {}) => {
    const Provider = yVersions[name];
    const { WebSocketPolyfill, closed, stall } = watchSockets();
    const provider = new Provider(`ws://127.0.0.1:${port}/yjs`, room, doc, {
      WebSocketPolyfill,
      disableBc: true,
      ...(token !== undefined && { params: { token: typeof token === 'function' ? token() : token } }),
    }) as unknown as YWebsocketLike;
    return finish({
      name,
      doc,
      text: doc.getText('t'),
      awareness: provider.awareness,
      closed,
      stall,
      synced: () =>
        new Promise((resolve) => {
          if (provider.synced) return resolve();
          provider.on('sync', (synced) => synced && resolve());
        }),
      disconnect: () => provider.disconnect(),
      connect: () => provider.connect(),
      close: () => provider.destroy(),
      renew(token) {
        // Version 1 has the token in its URL, the others make theirs of the parameters.
        if (name === 'y-websocket 1') provider.url = provider.url.replace(/token=.*/, `token=${token}`);
        provider.params = { token };
      },
    });
  };
}

export function openHocuspocus(name: HocuspocusName) {
  return (port: number, room: string, options: HocuspocusEditorOptions = {}): HocuspocusEditor => {
    const { token = '', doc = new Y.Doc(), sessionAwareness } = options;
    const version = hocuspocusVersions[name] as unknown as HocuspocusClasses;
    const url = `ws://127.0.0.1:${port}/hocuspocus`;
    const { WebSocketPolyfill, closed, stall } = watchSockets();
    const own = options.socket ?? new version.HocuspocusProviderWebsocket({ url, WebSocketPolyfill, quiet: true });
    // Version 2 says all that it does on the console, unless it is quiet.
    const rest = { name: room, document: doc, token, quiet: true, ...(sessionAwareness && { sessionAwareness }) };
    const provider = new version.HocuspocusProvider({ ...rest, websocketProvider: own });
    provider.attach?.();
    const editor = finish({
      name,
      doc,
      text: doc.getText('t'),
      awareness: provider.awareness,
      closed,
      stall,
      synced: () =>
        new Promise((resolve) => {
          if (provider.isSynced) return resolve();
          provider.on('synced', () => resolve());
        }),
      disconnect: () => own.disconnect(),
      connect: () => own.connect(),
      close() {
        provider.destroy();
        if (!options.socket) own.destroy();
      },
    });
    return { ...editor, provider, socket: own };
  };
}

function finish(editor: Editor): Editor {
  onTestFinished(() => editor.close());
  return editor;
}
