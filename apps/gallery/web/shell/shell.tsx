import { type ReactElement, type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { BehindPanel } from '../behind/behind-panel.js';
import { useOpen } from '../behind/use-open.js';
import { hasSnippet } from '../behind/use-snippet.js';
import { IncidentBar } from '../faults/incident-bar.js';
import { TryButtons } from '../faults/try-buttons.js';
import { ConnectionBadge } from './connection-badge.js';
import { ExamplesMenu } from './examples-menu.js';
import { exampleOf, references } from './navigation.js';
import { ThemeToggle } from './theme-toggle.js';

/** The frame around every example: skip link, navigation, the state of the connection, one main landmark. */
export function Shell({ children }: { readonly children: ReactNode }): ReactElement {
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  const area = path.split('/')[1] ?? '';
  const previousArea = useRef(area);
  const example = exampleOf(area);
  const page = hasSnippet(area) && example ? area : undefined;
  const behind = useOpen();
  const codeButton = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    // After a change of page the keyboard goes on at its start, as it does after a full load.
    if (previousArea.current !== area) main.current?.focus({ preventScroll: true });
    previousArea.current = area;
  }, [area]);

  return (
    <>
      <a className="skip-link" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to the content
      </a>
      <header className="shell-header">
        <Link href="/" className="brand" aria-label="Longwave, start page">
          <svg viewBox="0 0 42 21" aria-hidden="true">
            <path d="M2 11c5 0 4-8 9-8s5 15 10 15S26 3 31 3s4 8 8 8" />
          </svg>
          <span>Longwave</span>
        </Link>
        <ExamplesMenu current={example} />
        {references.map(({ href, title }) => (
          <a key={href} href={href} className="shell-link">
            {title}
          </a>
        ))}
        <div className="shell-tools">
          {page !== undefined && (
            <button
              type="button"
              className="icon-button code-toggle"
              aria-label="The code, and things to try"
              title="The code, and things to try"
              aria-expanded={behind.isOpen}
              onClick={behind.toggle}
            >
              <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="m8.5 7-5 5 5 5M15.5 7l5 5-5 5" />
              </svg>
            </button>
          )}
          <ConnectionBadge />
          <ThemeToggle />
        </div>
      </header>
      {page !== undefined && (
        <section className="strip" aria-label="Things to try">
          <button
            ref={codeButton}
            type="button"
            className="button"
            aria-expanded={behind.isOpen}
            onClick={behind.toggle}
          >
            {behind.isOpen ? 'Hide the code' : 'Show the code'}
          </button>
          {example?.guide !== undefined && <a href={example.guide}>Guide</a>}
          <span className="strip-rest">
            <TryButtons />
          </span>
        </section>
      )}
      <IncidentBar />
      <div className="shell-body">
        <main id="main" ref={main} tabIndex={-1} className={`shell-main area-${area === '' ? 'home' : area}`}>
          {children}
        </main>
        {page !== undefined && example && behind.isOpen && (
          <BehindPanel
            page={page}
            title={example.title}
            guide={example.guide}
            wantsFocus={behind.isByHand}
            onClose={() => {
              behind.toggle();
              codeButton.current?.focus();
            }}
          />
        )}
      </div>
    </>
  );
}
