import { EditorView, basicSetup } from 'codemirror';
import { useEffect, useRef } from 'react';
import { yCollab } from 'y-codemirror.next';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';

interface EditorProps {
  readonly text: Y.Text;
  readonly awareness: Awareness;
  readonly name: string;
}

/** CodeMirror on a text of the document. Any editor that has a binding to Yjs takes its place. */
export function Editor({ text, awareness, name }: EditorProps) {
  const parent = useRef<HTMLDivElement>(null);
  useEffect(() => {
    awareness.setLocalStateField('user', { name, color: '#3b82f6', colorLight: '#3b82f633' });
    const view = new EditorView({
      doc: text.toJSON(),
      extensions: [basicSetup, EditorView.lineWrapping, yCollab(text, awareness)],
      parent: parent.current!,
    });
    return () => view.destroy();
  }, [text, awareness, name]);
  return <div ref={parent} className="editor" />;
}
