import type { ReactElement } from 'react';
import { useStore } from '../lib/store.js';
import type { Typing } from './typing.js';
import { describeTyping } from './words.js';

/** Keeps its height while it says nothing, so that the messages above do not jump. Not read aloud: it would never end. */
export function TypingLine({ typing }: { readonly typing: Typing }): ReactElement {
  const names = useStore(typing.store);
  return (
    <p className="typing" data-testid="typing">
      {describeTyping(names)}
    </p>
  );
}
