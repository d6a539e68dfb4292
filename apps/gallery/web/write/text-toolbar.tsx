import type { Editor } from '@tiptap/react';
import { useEditorState } from '@tiptap/react';
import type { ChangeEvent, ReactElement } from 'react';
import { Bar, BarButton } from '../documents/bar.js';
import { TextIcon } from './icons.js';

const blocks = [
  { value: 'paragraph', label: 'Text' },
  { value: '1', label: 'Heading 1' },
  { value: '2', label: 'Heading 2' },
  { value: '3', label: 'Heading 3' },
] as const;

const marks = [
  { name: 'bold', label: 'Bold', hint: 'Ctrl+B' },
  { name: 'italic', label: 'Italic', hint: 'Ctrl+I' },
  { name: 'underline', label: 'Underline', hint: 'Ctrl+U' },
  { name: 'strike', label: 'Strike through', hint: 'Ctrl+Shift+S' },
  { name: 'code', label: 'Code', hint: 'Ctrl+E' },
] as const;

const groups = [
  { name: 'bulletList', label: 'List', run: (editor: Editor) => editor.chain().focus().toggleBulletList().run() },
  {
    name: 'orderedList',
    label: 'Numbered list',
    run: (editor: Editor) => editor.chain().focus().toggleOrderedList().run(),
  },
  { name: 'blockquote', label: 'Quote', run: (editor: Editor) => editor.chain().focus().toggleBlockquote().run() },
  { name: 'codeBlock', label: 'Code block', run: (editor: Editor) => editor.chain().focus().toggleCodeBlock().run() },
] as const;

interface TextToolbarProps {
  readonly editor: Editor;
  readonly onComment: () => void;
}

export function TextToolbar({ editor, onComment }: TextToolbarProps): ReactElement {
  const state = useEditorState({ editor, selector: ({ editor: current }) => readState(current) });
  const setBlock = (event: ChangeEvent<HTMLSelectElement>): void => {
    const { value } = event.target;
    const chain = editor.chain().focus();
    if (value === 'paragraph') chain.setParagraph().run();
    else chain.setHeading({ level: Number(value) as 1 | 2 | 3 }).run();
  };

  return (
    <Bar label="Formatting" className="text-bar">
      <select aria-label="Kind of paragraph" value={state.block} onChange={setBlock}>
        {blocks.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      {marks.map(({ name, label, hint }) => (
        <BarButton
          key={name}
          label={label}
          hint={hint}
          isPressed={state.active.includes(name)}
          onPress={() => editor.chain().focus().toggleMark(name).run()}
        >
          <TextIcon name={name} />
        </BarButton>
      ))}
      {groups.map(({ name, label, run }) => (
        <BarButton key={name} label={label} isPressed={state.active.includes(name)} onPress={() => run(editor)}>
          <TextIcon name={name} />
        </BarButton>
      ))}
      <BarButton
        label="Undo"
        hint="Ctrl+Z"
        isDisabled={!state.canUndo}
        onPress={() => editor.chain().focus().undo().run()}
      >
        <TextIcon name="undo" />
      </BarButton>
      <BarButton
        label="Redo"
        hint="Ctrl+Shift+Z"
        isDisabled={!state.canRedo}
        onPress={() => editor.chain().focus().redo().run()}
      >
        <TextIcon name="redo" />
      </BarButton>
      <BarButton label="Comment" isDisabled={state.isEmpty} onPress={onComment}>
        <TextIcon name="comment" />
      </BarButton>
    </Bar>
  );
}

function readState(editor: Editor) {
  const level = [1, 2, 3].find((each) => editor.isActive('heading', { level: each }));
  return {
    block: level === undefined ? 'paragraph' : String(level),
    active: [...marks, ...groups].map(({ name }) => name).filter((name) => editor.isActive(name)),
    canUndo: editor.can().undo(),
    canRedo: editor.can().redo(),
    isEmpty: editor.state.selection.empty,
  };
}
