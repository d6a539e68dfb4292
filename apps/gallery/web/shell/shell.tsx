import { type ReactElement, type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { ConnectionBadge } from './connection-badge.js';
import { ThemeToggle } from './theme-toggle.js';

const examples = [
  { path: '/echo', home: '/echo', title: 'Echo' },
  { path: '/chat', home: '/chat/lobby', title: 'Chat' },
  { path: '/compare', home: '/compare', title: 'Compare' },
  { path: '/ticker', home: '/ticker', title: 'Ticker' },
  { path: '/fleet', home: '/fleet', title: 'Fleet' },
  { path: '/scores', home: '/scores', title: 'Scores' },
  { path: '/write', home: '/write/welcome', title: 'Write' },
  { path: '/board', home: '/board/welcome', title: 'Board' },
  { path: '/play', home: '/play/main', title: 'Play' },
  { path: '/lobby', home: '/lobby', title: 'Lobby' },
];

/** Tables of the lobby are part of it. */
function isIn(area: string, path: string): boolean {
  return `/${area}` === path || (area === 'four' && path === '/lobby');
}

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
        <nav className="shell-nav" aria-label="Examples">
          {examples.map((example) => (
            <Link key={example.path} href={example.home} aria-current={isIn(area, example.path) ? 'page' : undefined}>
              {example.title}
            </Link>
          ))}
        </nav>
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
