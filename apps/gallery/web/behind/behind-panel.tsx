import { type ReactElement, useEffect, useRef } from 'react';
import { TryButtons } from '../faults/try-buttons.js';
import { CodeTabs } from './code-tabs.js';
import { useSnippet } from './use-snippet.js';

interface BehindPanelProps {
  /** The first part of the page's path. */
  readonly page: string;
  readonly title: string;
  readonly guide: string | undefined;
  /** It was opened by hand, and takes the focus. */
  readonly wantsFocus: boolean;
  readonly onClose: () => void;
}

/** The code of a page, beside it; below it where there is no room. */
export function BehindPanel({ page, title, guide, wantsFocus, onClose }: BehindPanelProps): ReactElement {
  const snippet = useSnippet(page);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (wantsFocus) heading.current?.focus({ preventScroll: true });
  }, [wantsFocus]);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape is a short cut for its button
    <aside
      id="behind"
      className="behind"
      aria-label="The code of this page"
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <div className="behind-head">
        <h2 ref={heading} tabIndex={-1}>
          Behind {title}
        </h2>
        <button
          type="button"
          className="icon-button"
          aria-label="Close the code"
          title="Close the code"
          onClick={onClose}
        >
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="m6 6 12 12M18 6 6 18" />
          </svg>
        </button>
      </div>
      <p className="behind-try">
        <TryButtons />
      </p>
      <p className="quiet">
        These lines run here: they are taken from the sources of this page when it is built.
        {guide !== undefined && (
          <>
            {' '}
            <a href={guide}>The guide builds one from nothing.</a>
          </>
        )}
      </p>
      {snippet && <CodeTabs key={page} snippet={snippet} />}
    </aside>
  );
}
