import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Server, type Store, createServer } from 'longwave';
import { hocuspocus, yWebsocket } from 'longwave/dialects';
import { yjs } from 'longwave/yjs/server';
import { type GalleryChannels, channels } from '../shared/channels.js';
import { createAssistant } from './assistant/assistant.js';
import { scriptedModel } from './assistant/model.js';
import { createChatBot } from './chat/bot.js';
import { checkChat } from './chat/chat.js';
import { type GuestClaims, createLabs } from './compare/labs.js';
import { createDemo, type Supervision } from './demo/demo.js';
import type { KillRule } from './demo/kill-rule.js';
import { serveEcho } from './echo.js';
import { createFleetSource } from './fleet/source.js';
import { authenticateGuest, mayGuest } from './guests.js';
import { createDocs } from './docs.js';
import { checkSeen, createInbox } from './inbox/inbox.js';
import { createPages } from './pages.js';
import { createRooms } from './rooms/rooms.js';
import type { PlaceKeeper } from './scores/place-keeper.js';
import { createScores } from './scores/scores.js';
import { createTicker } from './ticker/ticker.js';
import { createDocuments } from './documents/documents.js';

/** How long open connections get to move on when the server closes. */
const drain = '500ms';

/** The assistant speaks as fast as somebody reads. */
const wordMs = 70;

export interface Gallery {
  /** Resolves with the address to open. Rejects with the error of `http.Server`. */
  listen(options: { readonly port: number; readonly host: string }): Promise<string>;
  close(): Promise<void>;
}

interface GalleryOptions {
  /** The folder that Vite built. */
  readonly pages: string;
  /** The folder of the documentation, as a site. It may be built later. */
  readonly docs: string;
  readonly store: Store;
  /** Where the league stands, over processes. */
  readonly leaguePlace?: PlaceKeeper | undefined;
  /** The visitors that may kill this process. Default: nobody. */
  readonly killRule?: KillRule;
  /** The process that would start this one again. */
  readonly supervision?: Supervision | undefined;
}

/** One HTTP server for the pages and everything live on them. */
export function createGallery({
  pages,
  docs,
  store,
  leaguePlace,
  killRule = 'nobody',
  supervision,
}: GalleryOptions): Gallery {
  const address = (): string => (http.address() as AddressInfo).address;
  const demo = createDemo({ rule: killRule, supervision, address });
  const labs = createLabs({
    host: address,
    // A report that cannot be stored is followed by another.
    report: (lab, report) =>
      void longwave
        .channel(`compare/${lab}`)
        .publish(report)
        .catch(() => undefined),
  });
  const ticker = createTicker();
  const fleet = createFleetSource();
  const scores = createScores({ place: leaguePlace });
  const documents = createDocuments(() => longwave);
  const rooms = createRooms();
  const assistant = createAssistant({ server: () => longwave, model: scriptedModel({ wordMs }) });
  const inbox = createInbox({ server: () => longwave });
  const longwave: Server<GalleryChannels> = createServer({
    channels,
    calls: {
      ...labs.calls,
      ...ticker.calls,
      ...fleet.calls,
      ...scores.calls,
      ...documents.calls,
      ...demo.calls,
      ...assistant.calls,
      ...inbox.calls,
    },
    store,
    documents: yjs(),
    rooms: rooms.host,
    // Clients of others call a document `write/welcome` or `board/welcome`, as the contract does.
    dialects: [yWebsocket(), hocuspocus()],
    authenticate: (token, { headers }) => {
      const claims: GuestClaims = { origin: typeof headers['origin'] === 'string' ? headers['origin'] : undefined };
      return { ...authenticateGuest(token), claims };
    },
    authorize: ({ user, action, channel }) => mayGuest(user, action, channel),
    on: {
      publish: async (context) => {
        documents.onPublish(context);
        checkSeen(context);
        await checkChat(longwave, context);
      },
    },
  });
  const bot = createChatBot(longwave);
  const servePages = createPages(pages);
  const serveDocs = createDocs(docs);
  // Health, readiness and metrics for operators; the API for back ends is closed, as there is no key.
  const http = createHttpServer((request, response) => {
    if (longwave.handleRequest(request, response) || serveDocs(request, response)) return;
    servePages(request, response);
  });
  longwave.attach(http);
  serveEcho(longwave);
  ticker.start(longwave);
  fleet.serve(longwave);
  scores.serve(longwave);
  rooms.serve(longwave);
  const closeBot = bot.open();

  return {
    listen: async ({ port, host }) => {
      // A store that is away now gets them with the next start.
      documents.open();
      await Promise.all([documents.seed().catch(() => undefined), bot.seed()]);
      return new Promise((resolve, reject) => {
        http.once('error', reject);
        http.listen(port, host, () => {
          http.off('error', reject);
          const { port: actual } = http.address() as AddressInfo;
          const isLocal = host === '127.0.0.1' || host === '::1';
          resolve(`http://${isLocal ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${actual}`);
        });
      });
    },
    close: async () => {
      closeBot();
      ticker.close();
      fleet.close();
      scores.close();
      documents.close();
      rooms.close();
      assistant.close();
      inbox.close();
      await labs.close();
      await longwave.close({ drain });
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
    },
  };
}
