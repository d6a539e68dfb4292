import type { ReactElement } from 'react';
import { Bar, BarButton } from '../documents/bar.js';
import { useStore } from '../lib/store.js';
import { type Board, type Tool, tools } from './board-state.js';
import { ToolIcon } from './icons.js';
import { removeSelected } from './keys.js';
import { colorNames } from './shape.js';
import { toolNames } from './words.js';

const keyOfTool: Readonly<Record<Tool, string>> = {
  select: 'V',
  hand: 'H',
  rectangle: 'R',
  ellipse: 'O',
  note: 'N',
  arrow: 'A',
  pen: 'P',
};

interface ToolbarProps {
  readonly board: Board;
  readonly onExport: () => void;
}

/** Tools, colors and what can be done with the selection. One stop for the Tab key; arrow keys go on from there. */
export function Toolbar({ board, onExport }: ToolbarProps): ReactElement {
  const { tool, color, selected, camera } = useStore(board.state);
  const { canUndo, canRedo } = useStore(board.model.history);
  const { canWrite, model } = board;
  const nothing = selected.size === 0;
  const [only] = selected.size === 1 && tool === 'select' ? selected : [];
  const shownColor = (only === undefined ? undefined : board.find(only)?.color) ?? color;
  useStore(model.shapes);
  const shown = canWrite ? tools : tools.slice(0, 2);
  const choose = (next: number): void => {
    board.update({ color: next });
    // With another tool it is for what is drawn next.
    if (!nothing && tool === 'select') model.recolor(selected, next);
  };

  return (
    <>
      <Bar label="Tools" className="board-tools">
        {shown.map((each) => (
          <BarButton
            key={each}
            label={toolNames[each]}
            hint={keyOfTool[each]}
            isPressed={tool === each}
            onPress={() => board.update({ tool: each, draft: undefined, pen: undefined })}
          >
            <ToolIcon name={each} />
          </BarButton>
        ))}
      </Bar>
      {canWrite && (
        <Bar label="Colors and changes" className="board-changes">
          {colorNames.map((name, index) => (
            <BarButton key={name} label={name} isPressed={shownColor === index} onPress={() => choose(index)}>
              <span className={`swatch ink-${index}`} aria-hidden="true" />
            </BarButton>
          ))}
          <BarButton label="Undo" hint="Ctrl+Z" isDisabled={!canUndo} onPress={model.undo}>
            <ToolIcon name="undo" />
          </BarButton>
          <BarButton label="Redo" hint="Ctrl+Shift+Z" isDisabled={!canRedo} onPress={model.redo}>
            <ToolIcon name="redo" />
          </BarButton>
          <BarButton
            label="Duplicate"
            hint="Ctrl+D"
            isDisabled={nothing}
            onPress={() => board.select(model.duplicate(selected))}
          >
            <ToolIcon name="duplicate" />
          </BarButton>
          <BarButton label="To the front" isDisabled={nothing} onPress={() => model.toFront(selected)}>
            <ToolIcon name="front" />
          </BarButton>
          <BarButton label="Delete" hint="Del" isDisabled={nothing} onPress={() => void removeSelected(board)}>
            <ToolIcon name="delete" />
          </BarButton>
        </Bar>
      )}
      <Bar label="View" className="board-view">
        <BarButton label="Zoom out" hint="-" onPress={() => board.zoom(0.8)}>
          <ToolIcon name="minus" />
        </BarButton>
        <BarButton label={`Fit everything, ${Math.round(camera.zoom * 100)} % now`} hint="0" onPress={board.fitAll}>
          <span className="board-zoom">{Math.round(camera.zoom * 100)} %</span>
        </BarButton>
        <BarButton label="Zoom in" hint="+" onPress={() => board.zoom(1.25)}>
          <ToolIcon name="plus" />
        </BarButton>
        <BarButton label="Download as SVG" onPress={onExport}>
          <ToolIcon name="download" />
        </BarButton>
      </Bar>
    </>
  );
}
