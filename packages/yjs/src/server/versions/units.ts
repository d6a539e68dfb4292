import * as Y from 'yjs';

/** A letter of a text as it is read, or something that stands in its place. */
export interface Unit {
  readonly text: string;
  /** The client of Yjs that wrote it. Undefined for the end of a block. */
  readonly client: number | undefined;
}

/** Stands for an image or the like: U+FFFC, object replacement character. */
const embedded = '\ufffc';

/** The letters of a text, or of rich text with a line for each block. */
export function unitsOf(root: Y.Text | Y.XmlFragment): readonly Unit[] {
  return root instanceof Y.Text ? lettersOf(root) : joinLines(blocksOf(root));
}

function lettersOf(text: Y.Text): Unit[] {
  const units: Unit[] = [];
  for (let item = text._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    const { client } = item.id;
    if (item.content instanceof Y.ContentString)
      for (const letter of item.content.str) units.push({ text: letter, client });
    else if (item.content instanceof Y.ContentEmbed || item.content instanceof Y.ContentType)
      units.push({ text: embedded, client });
  }
  return units;
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
  return lines.flatMap((line, i) => (i === 0 ? line : [{ text: '\n', client: undefined }, ...line]));
}
