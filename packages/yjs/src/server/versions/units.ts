import * as Y from 'yjs';

/** The marks of a letter, such as bold or a link. */
export interface Marks {
  /** The same for equal marks. */
  readonly key: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const noMarks: Marks = { key: '{}', values: {} };

/** A letter of a text as it is read, or something that stands in its place. */
export interface Unit {
  readonly text: string;
  /** The client of Yjs that wrote it. Undefined for the end of a block. */
  readonly client: number | undefined;
  readonly marks: Marks;
}

/** Stands for an image or the like: U+FFFC, object replacement character. */
const embedded = '\ufffc';

/** The letters of a text, or of rich text with a line for each block. */
export function unitsOf(root: Y.Text | Y.XmlFragment): readonly Unit[] {
  return root instanceof Y.Text ? lettersOf(root) : joinLines(blocksOf(root));
}

function lettersOf(text: Y.Text): Unit[] {
  const units: Unit[] = [];
  let marks = noMarks;
  for (let item = text._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    const { client } = item.id;
    if (item.content instanceof Y.ContentString)
      for (const letter of item.content.str) units.push({ text: letter, client, marks });
    else if (item.content instanceof Y.ContentEmbed || item.content instanceof Y.ContentType)
      units.push({ text: embedded, client, marks });
    else if (item.content instanceof Y.ContentFormat) marks = withMark(marks, item.content);
  }
  return units;
}

/** Null: the mark ends. */
function withMark({ values }: Marks, { key, value }: Y.ContentFormat): Marks {
  const { [key]: _before, ...others } = values;
  const next: Record<string, unknown> = value === null ? others : { ...others, [key]: value };
  const sorted = Object.entries(next).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { key: JSON.stringify(Object.fromEntries(sorted)), values: next };
}

function blocksOf(parent: Y.XmlFragment | Y.XmlElement): Unit[][] {
  const lines: Unit[][] = [];
  let inline: Unit[] | undefined;
  for (const child of parent.toArray()) {
    if (child instanceof Y.XmlText) (inline ??= []).push(...lettersOf(child));
    else if (child instanceof Y.XmlElement) {
      if (inline) lines.push(inline);
      inline = undefined;
      lines.push(...blocksOf(child));
    }
  }
  if (inline) lines.push(inline);
  return lines.length === 0 && parent instanceof Y.XmlElement ? [[]] : lines;
}

function joinLines(lines: readonly (readonly Unit[])[]): Unit[] {
  return lines.flatMap((line, i) => (i === 0 ? line : [{ text: '\n', client: undefined, marks: noMarks }, ...line]));
}
