import * as Y from 'yjs';

/** A type at the root of a document. */
export type Root = Text | Y.Array<unknown> | Y.Map<unknown>;
type Text = Y.Text | Y.XmlFragment;
/** A root as it comes out of an update. */
type Untyped = Y.Doc['share'] extends Map<string, infer Type> ? Type : never;

/**
 * The roots of a document by name, each with its type. An update does not say which type a root has, so it is told from the content: one
 * that has none is a text.
 */
export function rootsOf(doc: Y.Doc): ReadonlyMap<string, Root> {
  return new Map([...doc.share.keys()].map((name) => [name, rootOf(doc, name)]));
}

/** Whether anything of it is not deleted. */
export function hasContent(root: Untyped | undefined): boolean {
  if (!root) return false;
  for (let item = root._start; item !== null; item = item.right) if (!item.deleted) return true;
  return [...root._map.values()].some((item) => !item.deleted);
}

/** One of the roots that the document has. */
export function rootOf(doc: Y.Doc, name: string): Root {
  const root = doc.share.get(name)!;
  if (root instanceof Y.Text || root instanceof Y.XmlFragment || root instanceof Y.Array || root instanceof Y.Map)
    return root;
  if (root._map.size > 0 && root._start === null) return doc.getMap(name);
  for (let item = root._start; item !== null; item = item.right) {
    const { content } = item;
    // Its type went with it.
    if (item.deleted) continue;
    if (content instanceof Y.ContentType && isXml(content.type)) return doc.getXmlFragment(name);
    const isText = [Y.ContentString, Y.ContentFormat, Y.ContentEmbed].some((Content) => content instanceof Content);
    return isText ? doc.getText(name) : doc.getArray(name);
  }
  return doc.getText(name);
}

function isXml(type: Untyped): boolean {
  return type instanceof Y.XmlFragment || type instanceof Y.XmlText || type instanceof Y.XmlHook;
}

/** The document as JSON: texts as they read, XML as its source. */
export function toJson(doc: Y.Doc): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...rootsOf(doc)].map(([name, root]) => [name, root.toJSON() as unknown]));
}

/**
 * The text of a root: of XML, as rich text editors make it, a line for each block. Without a name it is that of the only root that has
 * text. Throws `RangeError` when there are several, or when the named one has entries.
 */
export function toText(doc: Y.Doc, name?: string): string {
  const roots = rootsOf(doc);
  if (name !== undefined) {
    const root = roots.get(name);
    if (root !== undefined && !hasText(root)) throw new RangeError(`'${name}' is no text: read it as JSON.`);
    return root === undefined ? '' : readText(root);
  }
  const texts = [...roots].flatMap(([title, root]) => (hasText(root) ? [{ title, root }] : []));
  const [first, second] = texts;
  if (second) throw new RangeError(`The document has several texts: ${texts.map(({ title }) => title).join(', ')}.`);
  return first ? readText(first.root) : '';
}

function hasText(root: Root): root is Text {
  return root instanceof Y.Text || root instanceof Y.XmlFragment;
}

function readText(root: Text): string {
  return root instanceof Y.Text ? textOf(root) : linesOf(root).join('\n');
}

/** The lines of the blocks within: those that hold text or nothing. */
function linesOf(parent: Y.XmlFragment | Y.XmlElement): string[] {
  const lines: string[] = [];
  let inline: string | undefined;
  for (const child of parent.toArray()) {
    if (child instanceof Y.XmlText) inline = (inline ?? '') + textOf(child);
    else if (child instanceof Y.XmlElement) {
      if (inline !== undefined) lines.push(inline);
      inline = undefined;
      lines.push(...linesOf(child));
    }
  }
  if (inline !== undefined) lines.push(inline);
  return lines.length === 0 && parent instanceof Y.XmlElement ? [''] : lines;
}

/** Without marks: `toString` of an XML text writes them as tags. */
function textOf(text: Y.Text): string {
  const delta = text.toDelta() as readonly { readonly insert: unknown }[];
  return delta.map(({ insert }) => (typeof insert === 'string' ? insert : '')).join('');
}
