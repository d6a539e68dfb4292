import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { exampleGroups } from '../shell/navigation.js';
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
          {exampleGroups
            .flatMap(({ examples }) => examples)
            .map((example) => (
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
