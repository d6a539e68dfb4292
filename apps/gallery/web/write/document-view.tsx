import { EditorContent, useEditor } from '@tiptap/react';
import { type ReactElement, useEffect, useMemo, useState } from 'react';
import { maxQuoteLength } from '../../shared/write-comments.js';
import { DocumentHead } from '../documents/document-head.js';
import { NotReady } from '../documents/not-ready.js';
import type { OpenDocument } from '../documents/open-document.js';
import { useStore } from '../lib/store.js';
import { useSession } from '../session/session-context.js';
import { anchorSelection, markedRanges, showThreads } from './comment-marks.js';
import { CommentsPanel } from './comments-panel.js';
import { createComments } from './comments.js';
import { textExtensions } from './text-extensions.js';
import { useFoundThreads, useTextFacts } from './text-state.js';
import { DifferenceView } from './difference-view.js';
import { TextToolbar } from './text-toolbar.js';
import { VersionsPanel } from './versions-panel.js';
import { createVersions } from './versions.js';

type Panel = 'comments' | 'versions';

const panels: readonly { readonly name: Panel; readonly label: string }[] = [
  { name: 'comments', label: 'Comments' },
  { name: 'versions', label: 'Versions' },
];

interface DocumentViewProps {
  readonly id: string;
  readonly document: OpenDocument;
}

export function DocumentView({ id, document }: DocumentViewProps): ReactElement {
  const { isReady } = useStore(document.state);
  return (
    <section className="document" aria-label="Document">
      {isReady ? (
        <LiveDocument id={id} document={document} />
      ) : (
        <>
          <DocumentHead document={document} title={id} />
          <NotReady document={document} noun="document" />
        </>
      )}
    </section>
  );
}

function LiveDocument({ id, document }: DocumentViewProps): ReactElement {
  const { client, name } = useSession();
  const canWrite = name !== undefined;
  const editor = useEditor(
    {
      extensions: textExtensions(document.doc, document.awareness),
      editable: canWrite,
      // The pages' policy allows no styles from scripts: they are in write.css.
      injectCSS: false,
      editorProps: {
        attributes: {
          role: 'textbox',
          'aria-multiline': 'true',
          'aria-label': 'Text',
          class: 'text',
          dir: 'auto',
          tabindex: '0',
        },
      },
    },
    [document, canWrite],
  );
  const comments = useMemo(() => createComments({ client, id }), [client, id]);
  const { threads, active } = useStore(comments.store);
  const { words, title } = useTextFacts(editor);
  const found = useFoundThreads(editor);
  const versions = useMemo(() => createVersions(client, id), [client, id]);
  const { shown, difference } = useStore(versions.store);
  const [panel, setPanel] = useState<Panel | undefined>(() =>
    matchMedia('(min-width: 62rem)').matches ? 'comments' : undefined,
  );
  const unresolved = useMemo(() => threads.filter(({ isResolved }) => !isResolved), [threads]);

  useEffect(() => comments.open(), [comments]);
  useEffect(() => {
    if (!editor.isDestroyed) editor.view.dispatch(showThreads(editor.state.tr, { threads: unresolved, active }));
  }, [editor, unresolved, active]);

  const startComment = (): void => {
    comments.begin(anchorSelection(editor.state, maxQuoteLength));
    setPanel('comments');
  };
  const toggle = (each: Panel): void => {
    setPanel(panel === each ? undefined : each);
    // The text is what one writes in: it comes back with the panel that hid it.
    void versions.show(undefined);
  };
  const show = (thread: string): void => {
    comments.look(thread);
    const range = markedRanges(editor.state).find((each) => each.thread === thread);
    if (range) editor.chain().setTextSelection(range).scrollIntoView().run();
  };
  const lookAt = (target: EventTarget): void => {
    const thread = target instanceof Element ? target.closest('[data-thread]')?.getAttribute('data-thread') : undefined;
    if (!thread) return;
    comments.look(thread);
    setPanel('comments');
  };

  return (
    <>
      <DocumentHead document={document} title={title === '' ? id : title}>
        <p className="quiet word-count" data-testid="words">
          {words === 1 ? '1 word' : `${words} words`}
        </p>
        {panels.map(({ name: each, label }) => (
          <button
            key={each}
            type="button"
            className="button panel-toggle"
            aria-expanded={panel === each}
            aria-controls="beside"
            onClick={() => toggle(each)}
          >
            {label}
            {each === 'comments' && unresolved.length > 0 ? ` (${unresolved.length})` : ''}
          </button>
        ))}
      </DocumentHead>
      {canWrite && !shown && <TextToolbar editor={editor} onComment={startComment} />}
      <div className="document-parts" data-panel={panel !== undefined}>
        {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events -- a short cut: the panel shows the same threads */}
        <div className="text-frame" onClick={(event) => lookAt(event.target)}>
          {shown && <DifferenceView version={shown} difference={difference} />}
          <div hidden={shown !== undefined}>
            <EditorContent editor={editor} />
          </div>
        </div>
        {panel !== undefined && (
          <aside id="beside" className="beside" aria-label={panel === 'comments' ? 'Comments' : 'Versions'}>
            {panel === 'comments' ? (
              <CommentsPanel comments={comments} user={name} found={found} onShow={show} />
            ) : (
              <VersionsPanel versions={versions} canWrite={canWrite} />
            )}
          </aside>
        )}
      </div>
    </>
  );
}
