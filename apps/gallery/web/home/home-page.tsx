import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { exampleGroups, references } from '../shell/navigation.js';
import { useTitle } from '../shell/use-title.js';
import { ConnectionCard } from './connection-card.js';
import { Install } from './install.js';
import { LivePicture } from './live-picture.js';
import { TwentyLines } from './twenty-lines.js';

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
      <div className="home-top">
        <section className="hero">
          <h1>Real time that keeps its place</h1>
          <p>
            Longwave is the realtime engine for TypeScript: a server to embed in a Node app, a client for browsers and
            Node, and a documented wire between them.
          </p>
          <Install />
          <p className="hero-links">
            <Link href="/chat/lobby" className="button button-primary">
              Open the chat
            </Link>
            {references.map(({ href, title }) => (
              <a key={href} href={href} className="button">
                {title}
              </a>
            ))}
          </p>
        </section>
        <LivePicture />
      </div>

      <TwentyLines />

      <section aria-labelledby="examples-title">
        <h2 id="examples-title">Everything here</h2>
        {exampleGroups.map(({ title, examples }) => (
          <div key={title} className="card-group">
            <h3>{title}</h3>
            <ul className="cards">
              {examples.map((example) => (
                <li key={example.href} className="card card-link">
                  <h4>
                    <Link href={example.href}>{example.title}</Link>
                  </h4>
                  <p>{example.text}</p>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </section>

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

      <ConnectionCard />
    </div>
  );
}
