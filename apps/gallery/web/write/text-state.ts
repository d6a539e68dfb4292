import { type Editor, useEditorState } from '@tiptap/react';
import { useEffect, useMemo, useState } from 'react';
import { countWords } from './count-words.js';
import { markedRanges } from './comment-marks.js';

/** Facts about a text that the page shows. */
export interface TextFacts {
  readonly words: number;
  /** Its first line, or '' when there is none. */
  readonly title: string;
}

const restMs = 250;
const maxTitle = 80;

/** Counted anew when the text has been at rest for a moment: a long text has many words. */
export function useTextFacts(editor: Editor): TextFacts {
  const [facts, setFacts] = useState(() => readFacts(editor));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setFacts(readFacts(editor));
      }, restMs);
    };
    later();
    editor.on('transaction', later);
    return () => {
      editor.off('transaction', later);
      clearTimeout(timer);
    };
  }, [editor]);
  return facts;
}

/** Threads whose words are still there. */
export function useFoundThreads(editor: Editor): ReadonlySet<string> {
  const ids = useEditorState({
    editor,
    selector: ({ editor: { state } }) =>
      markedRanges(state)
        .map(({ thread }) => thread)
        .join(' '),
  });
  return useMemo(() => new Set(ids.split(' ')), [ids]);
}

function readFacts({ state }: Editor): TextFacts {
  const text = state.doc.textBetween(0, state.doc.content.size, '\n', ' ');
  const title =
    text
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ?? '';
  return {
    words: countWords(text),
    title: title.slice(0, maxTitle),
  };
}
