import type { ReactElement } from 'react';
import { snippet } from 'virtual:snippets/home';
import { snippetParts } from '../../shared/snippet.js';
import { CodeBlock } from '../behind/code-block.js';

/** A whole application, as it stands among the examples. */
export function TwentyLines(): ReactElement {
  return (
    <section aria-labelledby="code-title">
      <h2 id="code-title">Twenty lines that work</h2>
      <p className="quiet home-lead">
        A chat for terminals: what it says, who may say it, and a client that stays in its place through every outage.
      </p>
      <div className="twenty-lines">
        {snippetParts.map((part) => (
          <CodeBlock key={part} pieces={snippet[part]} />
        ))}
      </div>
    </section>
  );
}
