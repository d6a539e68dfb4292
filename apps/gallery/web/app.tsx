import { type ReactElement, Suspense, lazy } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { HomePage } from './home/home-page.js';
import { NotFoundPage } from './home/not-found-page.js';
import { Shell } from './shell/shell.js';

const ChatPage = lazy(async () => ({ default: (await import('./chat/chat-page.js')).ChatPage }));
const EchoPage = lazy(async () => ({ default: (await import('./echo/echo-page.js')).EchoPage }));
// By itself: no other page needs its charts.
const ComparePage = lazy(async () => ({ default: (await import('./compare/compare-page.js')).ComparePage }));
const TickerPage = lazy(async () => ({ default: (await import('./ticker/ticker-page.js')).TickerPage }));
// By itself, for its map.
const FleetPage = lazy(async () => ({ default: (await import('./fleet/fleet-page.js')).FleetPage }));
const ScoresPage = lazy(async () => ({ default: (await import('./scores/scores-page.js')).ScoresPage }));
const MatchPage = lazy(async () => ({ default: (await import('./scores/match-page.js')).MatchPage }));
// By themselves, for Yjs and the editor.
const WritePage = lazy(async () => ({ default: (await import('./write/write-page.js')).WritePage }));
const BoardPage = lazy(async () => ({ default: (await import('./board/board-page.js')).BoardPage }));
// By themselves, for the rules of the games.
const PlayPage = lazy(async () => ({ default: (await import('./play/play-page.js')).PlayPage }));
const FourPage = lazy(async () => ({ default: (await import('./four/four-page.js')).FourPage }));
const LobbyPage = lazy(async () => ({ default: (await import('./lobby/lobby-page.js')).LobbyPage }));
const AssistantPage = lazy(async () => ({ default: (await import('./assistant/assistant-page.js')).AssistantPage }));
const InboxPage = lazy(async () => ({ default: (await import('./inbox/inbox-page.js')).InboxPage }));
const DeskPage = lazy(async () => ({ default: (await import('./scores/desk-page.js')).DeskPage }));

export function App(): ReactElement {
  return (
    <Shell>
      <Switch>
        <Route path="/">
          <HomePage />
        </Route>
        <Route path="/echo">
          <Suspense>
            <EchoPage />
          </Suspense>
        </Route>
        <Route path="/compare">
          <Suspense>
            <ComparePage />
          </Suspense>
        </Route>
        <Route path="/ticker">
          <Suspense>
            <TickerPage />
          </Suspense>
        </Route>
        <Route path="/fleet">
          <Suspense>
            <FleetPage />
          </Suspense>
        </Route>
        <Route path="/scores">
          <Suspense>
            <ScoresPage />
          </Suspense>
        </Route>
        <Route path="/scores/desk">
          <Suspense>
            <DeskPage />
          </Suspense>
        </Route>
        <Route path="/scores/:match">
          {({ match }) => (
            <Suspense>
              <MatchPage key={match} id={match} />
            </Suspense>
          )}
        </Route>
        <Route path="/write/:id?">
          {({ id }) => (
            <Suspense>
              <WritePage id={id} />
            </Suspense>
          )}
        </Route>
        <Route path="/board/:id?">
          {({ id }) => (
            <Suspense>
              <BoardPage id={id} />
            </Suspense>
          )}
        </Route>
        <Route path="/play/:id?">
          {({ id }) => (
            <Suspense>
              <PlayPage id={id} />
            </Suspense>
          )}
        </Route>
        <Route path="/four/:id?">
          {({ id }) => (
            <Suspense>
              <FourPage id={id} />
            </Suspense>
          )}
        </Route>
        <Route path="/assistant/:id?">
          {({ id }) => (
            <Suspense>
              <AssistantPage id={id} />
            </Suspense>
          )}
        </Route>
        <Route path="/inbox">
          <Suspense>
            <InboxPage />
          </Suspense>
        </Route>
        <Route path="/lobby">
          <Suspense>
            <LobbyPage />
          </Suspense>
        </Route>
        <Route path="/chat">
          <Redirect to="/chat/lobby" replace />
        </Route>
        <Route path="/chat/:room">
          {({ room }) => (
            <Suspense>
              <ChatPage room={room} />
            </Suspense>
          )}
        </Route>
        <Route>
          <NotFoundPage />
        </Route>
      </Switch>
    </Shell>
  );
}
