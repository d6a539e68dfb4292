import { type ReactElement, useEffect } from 'react';
import type { Notice } from './room-state.js';
import { countMessages, describeDuration, describeReset } from './words.js';

/** How long good news stays. A notice of a loss stays until it is dismissed. */
const recoveredMs = 12_000;

export function NoticeBar({
  notice,
  onDismiss,
}: {
  readonly notice: Notice;
  readonly onDismiss: () => void;
}): ReactElement {
  useEffect(() => {
    if (notice.kind !== 'recovered') return;
    const timer = setTimeout(onDismiss, recoveredMs);
    return () => clearTimeout(timer);
  }, [notice, onDismiss]);

  return (
    <div className={`notice notice-${notice.kind}`} data-testid="notice">
      <output>{describe(notice)}</output>
      <button type="button" className="link-button" onClick={onDismiss}>
        Dismiss
      </button>
    </div>
  );
}

function describe(notice: Notice): string {
  const back = notice.awayMs === undefined ? '' : `Back after ${describeDuration(notice.awayMs)}: `;
  switch (notice.kind) {
    case 'recovered':
      return `${back}${notice.count === 0 ? 'nothing was missed.' : `${countMessages(notice.count)} recovered.`}`;
    case 'reset':
      return `${back}${back ? 'the room was reset' : 'The room was reset'}, because ${describeReset(notice.reason)}.`;
  }
}
