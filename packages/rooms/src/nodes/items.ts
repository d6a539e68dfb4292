import type { Bytes, BytesReader } from '../snapshot/bytes.js';

/** Longest names that are read: of channels, viewers, epochs. */
const maxName = 1024;

/** The kinds of things that a node says to another one about a room, each with its fields in their order on the wire. */
const layouts = {
  /** It has nothing to say, and is there. */
  alive: {},
  /** Asks for a room that the other node should have. */
  ask: { room: 'text' },
  /** The room is here. */
  here: { room: 'text', epoch: 'text', tick: 'count' },
  /** The room is not here. `code` is that of the error for who asked, empty where it is to be looked for anew. */
  refused: { room: 'text', code: 'text' },
  /** Somebody here watches: `guest` is their number on this node, `held` the tick of the snapshot that they have. */
  watch: { room: 'text', guest: 'count', viewer: 'text', epoch: 'text', held: 'count' },
  /** The guest has gone. */
  leave: { room: 'text', guest: 'count' },
  /** The guest's link takes more, or no more. */
  flow: { room: 'text', guest: 'count', isReady: 'flag' },
  /** A player acts. */
  input: { room: 'text', viewer: 'text', data: 'bytes' },
  /** For one guest. */
  snapshot: { guest: 'count', tick: 'count', data: 'bytes' },
  /** The room ends here: whoever watches it asks for it anew. */
  ended: { room: 'text', epoch: 'text' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, keyof FieldTypes>>>>;

interface FieldTypes {
  text: string;
  count: number;
  flag: boolean;
  bytes: Uint8Array;
}

type Layouts = typeof layouts;
type ItemKind = keyof Layouts;
type FieldsOf<K extends ItemKind> = {
  readonly [Name in keyof Layouts[K]]: FieldTypes[Layouts[K][Name] & keyof FieldTypes];
};

/** Something that a node says to another one about a room. */
export type Item = { [K in ItemKind]: { readonly kind: K } & FieldsOf<K> }[ItemKind];

const kinds = Object.keys(layouts) as readonly ItemKind[];
const fieldsOf = kinds.map((kind) => Object.entries(layouts[kind]) as readonly [string, keyof FieldTypes][]);

/** Each way that a field of a type is written and read. */
const write: { readonly [T in keyof FieldTypes]: (bytes: Bytes, value: FieldTypes[T]) => void } = {
  text: (bytes, value) => bytes.text(value),
  count: (bytes, value) => bytes.uint(value),
  flag: (bytes, value) => bytes.byte(value ? 1 : 0),
  bytes: (bytes, value) => bytes.bytes(value),
};
const read: { readonly [T in keyof FieldTypes]: (reader: BytesReader) => FieldTypes[T] } = {
  text: (reader) => reader.text(maxName),
  count: (reader) => reader.uint(),
  flag: (reader) => reader.byte() !== 0,
  bytes: (reader) => reader.bytes(),
};

export function writeItem(bytes: Bytes, item: Item): void {
  const kind = kinds.indexOf(item.kind);
  bytes.byte(kind);
  const values = item as unknown as Readonly<Record<string, never>>;
  for (const [name, type] of fieldsOf[kind]!) write[type](bytes, values[name]!);
}

/** Throws `RangeError` for anything that `writeItem` does not write. Bytes in it are no copies. */
export function readItem(reader: BytesReader): Item {
  const place = reader.byte();
  const kind = kinds[place];
  if (kind === undefined) throw new RangeError('A node says what this one does not know.');
  const item: Record<string, unknown> = { kind };
  for (const [name, type] of fieldsOf[place]!) item[name] = read[type](reader);
  return item as unknown as Item;
}
