import { type ReactElement, useEffect, useMemo, useRef, useState } from 'react';
import { DocumentHead } from '../documents/document-head.js';
import { NotReady } from '../documents/not-ready.js';
import type { OpenDocument } from '../documents/open-document.js';
import { useStore } from '../lib/store.js';
import { useSession } from '../session/session-context.js';
import { BoardCanvas } from './board-canvas.js';
import { createBoardModel } from './board-model.js';
import { createBoard } from './board-state.js';
import { exportSvg } from './export-svg.js';
import { createMeasure } from './measure.js';
import { createOthers } from './others.js';
import { maxShapes } from './shape.js';
import { Toolbar } from './toolbar.js';

interface BoardViewProps {
  readonly id: string;
  readonly document: OpenDocument;
}

export function BoardView({ id, document }: BoardViewProps): ReactElement {
  const { isReady } = useStore(document.state);
  return (
    <section className="board" aria-label="Board">
      <DocumentHead document={document} title={id} />
      {isReady ? <LiveBoard id={id} document={document} /> : <NotReady document={document} noun="board" />}
    </section>
  );
}

interface Live {
  readonly board: ReturnType<typeof createBoard>;
  readonly others: ReturnType<typeof createOthers>;
}

/** Made when it is mounted, since it listens to the document. */
function LiveBoard({ id, document }: BoardViewProps): ReactElement | undefined {
  const { name } = useSession();
  const [live, setLive] = useState<Live>();
  useEffect(() => {
    const model = createBoardModel(document.doc);
    const others = createOthers(document.awareness);
    setLive({ board: createBoard(model, name !== undefined), others });
    return () => {
      model.close();
      others.close();
    };
  }, [document, name]);
  return live && <BoardParts id={id} {...live} />;
}

function BoardParts({ id, board, others }: Live & { readonly id: string }): ReactElement {
  const measure = useMemo(() => createMeasure(), []);
  const { said } = useStore(board.state);
  const { inOrder } = useStore(board.model.shapes);
  const parts = useRef<HTMLDivElement>(null);

  const download = (): void => {
    const file = new Blob([exportSvg(inOrder, measure)], { type: 'image/svg+xml' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = `${id}.svg`;
    link.click();
    // The browser has taken the address by then.
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };

  return (
    <div className="board-parts" ref={parts}>
      <Toolbar board={board} onExport={download} />
      <BoardCanvas
        board={board}
        others={others}
        measure={measure}
        onLeave={() => parts.current?.querySelector('button')?.focus()}
      />
      {inOrder.length === 0 && (
        <p className="board-hint">
          {board.canWrite ? 'Nothing is here yet. Choose a tool and draw.' : 'Nothing is here yet.'}
        </p>
      )}
      {inOrder.length >= maxShapes && (
        <p className="board-full" role="alert">
          This board is full: {maxShapes} shapes.
        </p>
      )}
      <p id="board-help" className="visually-hidden">
        Tab goes from shape to shape, Escape twice to the tools. Arrow keys move a shape, with Alt they resize it, Enter
        writes its text. With a tool chosen, Enter draws in the middle of the view; an arrow connects the two shapes
        that are selected. With the pen, Enter puts it down, arrow keys draw, with Shift in longer steps, and Enter
        lifts it.
      </p>
      <output className="visually-hidden">{said}</output>
    </div>
  );
}
