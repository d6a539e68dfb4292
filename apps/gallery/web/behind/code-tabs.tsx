import { type KeyboardEvent, type ReactElement, useId, useRef, useState } from 'react';
import { type Snippet, snippetParts } from '../../shared/snippet.js';
import { CodeBlock } from './code-block.js';
import { CopyButton } from './copy-button.js';

const titles = { contract: 'Contract', server: 'Server', client: 'Client' } as const;

/** Contract, server and client of a page, one at a time. */
export function CodeTabs({ snippet }: { readonly snippet: Snippet }): ReactElement {
  const [part, setPart] = useState<(typeof snippetParts)[number]>('contract');
  const list = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const id = useId();
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = snippetParts[(snippetParts.indexOf(part) + by + snippetParts.length) % snippetParts.length]!;
    setPart(next);
    list.current?.querySelector<HTMLElement>(`[data-part=${next}]`)?.focus();
  };
  return (
    <div className="code-tabs">
      <div className="code-bar">
        {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- its tabs have the focus */}
        <div ref={list} role="tablist" aria-label="Parts" className="segments" onKeyDown={onKeyDown}>
          {snippetParts.map((each) => (
            <button
              key={each}
              type="button"
              role="tab"
              id={`${id}-${each}`}
              data-part={each}
              aria-selected={each === part}
              aria-controls={`${id}-code`}
              tabIndex={each === part ? 0 : -1}
              onClick={() => setPart(each)}
            >
              {titles[each]}
            </button>
          ))}
        </div>
        <CopyButton key={part} pieces={snippet[part]} shown={panel} />
      </div>
      <div ref={panel} role="tabpanel" id={`${id}-code`} aria-labelledby={`${id}-${part}`}>
        <CodeBlock pieces={snippet[part]} />
      </div>
    </div>
  );
}
