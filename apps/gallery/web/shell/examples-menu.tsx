import { type FocusEvent, type ReactElement, useRef } from 'react';
import { Link } from 'wouter';
import { type Example, exampleGroups, references } from './navigation.js';

/**
 * All examples in a menu, which one button opens. The browser closes it for a press elsewhere and for Escape, and gives the focus back to the
 * button; it also closes when the keyboard leaves it.
 */
export function ExamplesMenu({ current }: { readonly current: Example | undefined }): ReactElement {
  const menu = useRef<HTMLElement>(null);
  const close = (): void => menu.current?.hidePopover();
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent): void => {
    if (relatedTarget instanceof Node && !currentTarget.contains(relatedTarget)) close();
  };
  return (
    <>
      <button type="button" className="menu-button" popoverTarget="examples">
        <span className={current ? 'menu-word' : undefined}>Examples</span>
        {current && <span className="menu-current">{current.title}</span>}
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <path d="m2.5 4.5 3.5 3.5 3.5-3.5" />
        </svg>
      </button>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its links have the focus */}
      <nav ref={menu} id="examples" popover="auto" className="menu" aria-label="Examples" onBlur={onBlur}>
        {exampleGroups.map(({ title, examples }) => (
          <section key={title} aria-label={title}>
            <p className="menu-title">{title}</p>
            <ul>
              {examples.map((example) => (
                <li key={example.area}>
                  <Link href={example.href} onClick={close} aria-current={example === current ? 'page' : undefined}>
                    <span className="menu-name">{example.title}</span> <span className="menu-line">{example.line}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
        {/* A phone has no room for them in the header. */}
        <p className="menu-references">
          {references.map(({ href, title }) => (
            <a key={href} href={href}>
              <span className="menu-name">{title}</span>
            </a>
          ))}
        </p>
      </nav>
    </>
  );
}
