import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { useTitle } from '../shell/use-title.js';
import { ConnectionCard } from './connection-card.js';

const promises = [
  {
    title: 'The client holds its place',
    text: 'Every channel is an ordered log. A subscription is a position in it, and the client keeps that position. Any connection to any node can continue from there.',
  },
  {
    title: 'Nothing twice, nothing skipped',
    text: 'After a tunnel, a closed lid or a deploy, the messages that were missed arrive in order, each of them once. A publish that is retried is stored once.',
  },
  {
    title: 'Loss is said out loud',
    text: 'When continuity cannot be proven, because a log was trimmed or a server lost its memory, exactly one reset says so and says why. There is no silent gap.',
  },
];

const examples = [
  {
    href: '/echo',
    title: 'Echo',
    text: 'A plain WebSocket with nothing on top. The server greets, returns what it gets, and shows you the handshake and every frame as it stood on the wire, byte by byte.',
  },
  {
    href: '/chat/lobby',
    title: 'Chat',
    text: 'Rooms with history. Open it in two tabs, cut the network, keep typing, come back: what you wrote is stored once and what you missed is there.',
  },
  {
    href: '/compare',
    title: 'Compare',
    text: 'Polling, long polling, an HTTP stream and a WebSocket, side by side on the same feed. Choose how fast it runs and how bad the network is, and see what each of them costs, measured as you look.',
  },
  {
    href: '/ticker',
    title: 'Ticker',
    text: 'The quotes of 500 invented companies, thousands of updates a second. You say how often you want them, and the server merges the rest away: at any rate, what you see is the latest.',
  },
  {
    href: '/fleet',
    title: 'Fleet',
    text: '20,000 ships and aircraft on a map of the world. The page gets what its map shows, and no more often than it can be seen: what that saves is counted on the page.',
  },
  {
    href: '/scores',
    title: 'Scores & news',
    text: 'A round of an invented league, live: scoreboard, commentary and headlines. Take the desk and enter what happens, correct it, withdraw it, and see what becomes of two operators who do so at once.',
  },
  {
    href: '/write/welcome',
    title: 'Write',
    text: 'A document that many people write at once, with their carets, comments and an undo that leaves the work of others alone. Go on writing without a connection: the page says what is stored, and what is not yet.',
  },
  {
    href: '/board/welcome',
    title: 'Board',
    text: 'A whiteboard: shapes, arrows that stick to them, notes and a pen, with the pointers of everybody who is there. It works with a mouse, a finger and the keyboard alone, and gives you its picture as SVG.',
  },
  {
    href: '/play/main',
    title: 'Play',
    text: 'An arena for up to a hundred ships, that the server steps sixty times a second. Make the network worse while you play, switch prediction and interpolation off, and see what each of them is for.',
  },
  {
    href: '/lobby',
    title: 'Lobby',
    text: 'The rooms that are open now, of the arena and of four in a row: open one, join one, or watch. Two play a table, and everybody else sees each disc fall.',
  },
];

export function HomePage(): ReactElement {
  useTitle('Gallery');
  return (
    <div className="home">
      <section className="hero">
        <h1>Real time that keeps its place</h1>
        <p>
          Longwave is the realtime engine for TypeScript: a server to embed in a Node app, a client for browsers and
          Node, and a documented wire between them. These examples run on it, live, on the server that sent you this
          page.
        </p>
      </section>

      <section aria-labelledby="examples-title">
        <h2 id="examples-title">Examples</h2>
        <ul className="cards">
          {examples.map((example) => (
            <li key={example.href} className="card card-link">
              <h3>
                <Link href={example.href}>{example.title}</Link>
              </h3>
              <p>{example.text}</p>
            </li>
          ))}
        </ul>
      </section>

      <ConnectionCard />

      <section aria-labelledby="promises-title">
        <h2 id="promises-title">What it promises</h2>
        <ul className="cards">
          {promises.map((promise) => (
            <li key={promise.title} className="card">
              <h3>{promise.title}</h3>
              <p>{promise.text}</p>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
