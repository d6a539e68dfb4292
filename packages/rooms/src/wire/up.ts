import type { RoomDefinition } from '../contract/room.js';
import { Bytes, BytesReader } from '../snapshot/bytes.js';

/** Inputs of one message at most. */
export const mostInputs = 64;
/** A message of a player, with all its inputs, is at most so long. */
const mostUpBytes = 8 * 1024;

/**
 * `once`: it counts for its step. `held`: and for the steps after it as well, until another comes, as a stick that is held.
 * `released`: it is held no longer.
 */
type InputMode = 'once' | 'held' | 'released';

const modes: readonly InputMode[] = ['once', 'held', 'released'];

/** An input as it travels: its number among the player's, the tick it is meant for, its kind and its fields. */
export interface NumberedInput {
  /** From 1, each one more than the one before. */
  readonly seq: number;
  readonly tick: number;
  /** Place of the kind in the contract. */
  readonly kind: number;
  readonly mode: InputMode;
  /** Empty where it is `released`. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A message of a player's client. */
export interface Up {
  /** The room that it is meant for, as `tagOf` its epoch: late acts in the one before do not count in the next. */
  readonly room: number;
  /** Tick of the last snapshot it has, 0 when it needs one that says all. */
  readonly held: number;
  /** By how many ticks the picture that the player acted on lay before the tick of its acts. */
  readonly behind: number;
  /** Its clock in milliseconds, below 2^32: the server tells it back. */
  readonly sentAt: number;
  readonly inputs: readonly NumberedInput[];
}

/** Nobody looks back further. */
export const maxBehind = 255;
const maxTag = 2 ** 14 - 1;

/** A short number for an epoch. */
export function tagOf(epoch: string): number {
  let hash = 0;
  for (let i = 0; i < epoch.length; i++) hash = Math.imul(hash, 31) + epoch.charCodeAt(i);
  return hash & maxTag;
}

const noFields = { numbered: [], texts: [] } as const;

type Layouts = Pick<RoomDefinition, 'inputLayouts'>;

/** `inputs` follow each other without a gap. Returns a copy. */
export function encodeUp(
  { inputLayouts }: Layouts,
  { room, held, behind, sentAt, inputs }: Up,
  bytes = new Bytes(),
): Uint8Array {
  bytes.clear();
  bytes.uint(room);
  bytes.uint(held);
  bytes.uint(behind);
  bytes.uint(sentAt);
  bytes.uint(inputs.length);
  let tick = 0;
  for (const [i, input] of inputs.entries()) {
    if (i === 0) bytes.uint(input.seq);
    bytes.uint(input.tick - tick);
    tick = input.tick;
    bytes.uint(input.kind * modes.length + modes.indexOf(input.mode));
    if (input.mode === 'released') continue;
    const { numbered, texts } = inputLayouts[input.kind]!.layout;
    for (const { name, field } of numbered) bytes.uint(field.toNumber(input.values[name]));
    for (const { name } of texts) bytes.text(input.values[name] as string);
  }
  return bytes.copy();
}

/** Throws `RangeError` for anything that `encodeUp` does not write. */
export function decodeUp({ inputLayouts }: Layouts, data: Uint8Array): Up {
  if (data.length > mostUpBytes) throw new RangeError('The message is too long.');
  const reader = new BytesReader(data);
  const room = reader.uint(maxTag);
  const held = reader.uint();
  const behind = reader.uint(maxBehind);
  const sentAt = reader.uint(2 ** 32 - 1);
  const count = reader.uint(mostInputs);
  const inputs: NumberedInput[] = [];
  let seq = count > 0 ? reader.uint() : 0;
  let tick = 0;
  for (let i = 0; i < count; i++) {
    tick += reader.uint();
    const said = reader.uint(inputLayouts.length * modes.length - 1);
    const kind = Math.floor(said / modes.length);
    const mode = modes[said % modes.length]!;
    const values: Record<string, unknown> = {};
    const { numbered, texts } = mode === 'released' ? noFields : inputLayouts[kind]!.layout;
    for (const { name, field } of numbered) values[name] = field.fromNumber(reader.uint(field.last));
    for (const { name, field } of texts) values[name] = reader.text(field.maxLength);
    inputs.push({ seq: seq++, tick, kind, mode, values });
  }
  if (reader.left > 0) throw new RangeError('Something stands behind the inputs.');
  return { room, held, behind, sentAt, inputs };
}
