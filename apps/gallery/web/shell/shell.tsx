import { type ReactElement, type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
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
        <ExamplesMenu current={exampleOf(area)} />
        {references.map(({ href, title }) => (
          <a key={href} href={href} className="shell-link">
            {title}
          </a>
        ))}
        <div className="shell-tools">
          <ConnectionBadge />
          <ThemeToggle />
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1} className={`shell-main area-${area === '' ? 'home' : area}`}>
        {children}
      </main>
    </>
  );
}
