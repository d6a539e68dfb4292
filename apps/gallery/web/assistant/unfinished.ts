import type { Message } from 'longwave/client';
import type { Part, Turn } from '../../shared/assistant/talk.js';

// #region teach:assistant-client
/** The answer that is being made, as far as it came, whichever tab asked for it. Undefined when none is. */
export function unfinished(turns: readonly Message<Turn>[], parts: readonly Message<Part>[]): string | undefined {
  const last = turns.at(-1);
  if (last?.data.role !== 'user') return undefined;
  return parts.flatMap(({ data }) => (data.question === last.meta.offset ? [data.text] : [])).join('');
}
// #endregion
