import { decodePayload, encodePayload } from '@longwave/protocol';
import { type Bytes, BytesReader } from '../snapshot/bytes.js';

/** The part in front of a snapshot that is for one player alone. */
export interface Down {
  /** Number of the last input of this player that the snapshot knows, 0 for none. */
  readonly applied: number;
  /** The receiver's own player; undefined: it is none. */
  readonly player?: number | undefined;
  /** By how many ticks the newest input came before it was due; below 0 it came late. */
  readonly lead: number;
  /** The player's clock as it was last told, and how long the server has had it: for the length of the way. */
  readonly echo?: { readonly sentAt: number; readonly heldMs: number } | undefined;
  /** A number for all that the receiver knows now. */
  readonly hash?: number | undefined;
  readonly events?: readonly RoomEvent[] | undefined;
}

/** Something that happened, which is no state: told once, to whoever is there. */
export interface RoomEvent {
  readonly tick: number;
  readonly name: string;
  readonly data: unknown;
}

const flags = { echo: 1, hash: 2, events: 4, player: 8 } as const;
/** Events of one snapshot at most, and bytes of one. */
export const mostEvents = 256;
export const mostEventBytes = 4096;
const mostName = 64;

/** Writes it; a snapshot follows. */
export function writeDown(bytes: Bytes, { player, applied, lead, echo, hash, events }: Down): void {
  const isPlayer = player === undefined ? 0 : flags.player;
  bytes.byte(
    isPlayer | (echo ? flags.echo : 0) | (hash === undefined ? 0 : flags.hash) | (events?.length ? flags.events : 0),
  );
  if (player !== undefined) {
    bytes.uint(player);
    bytes.uint(applied);
    bytes.int(lead);
  }
  if (echo) {
    bytes.uint(echo.sentAt);
    bytes.uint(Math.round(echo.heldMs));
  }
  if (hash !== undefined) bytes.uint(hash);
  if (!events?.length) return;
  bytes.uint(events.length);
  for (const { tick, name, data } of events) {
    bytes.uint(tick);
    bytes.text(name);
    bytes.text(encodePayload(data) as string);
  }
}

/** `snapshot` is what follows. Throws `RangeError` for anything that `writeDown` does not write. */
export function readDown(data: Uint8Array): Down & { readonly snapshot: Uint8Array } {
  const reader = new BytesReader(data);
  const given = reader.byte();
  const player = given & flags.player ? reader.uint() : undefined;
  const applied = player === undefined ? 0 : reader.uint();
  const lead = player === undefined ? 0 : reader.int();
  const echo = given & flags.echo ? { sentAt: reader.uint(), heldMs: reader.uint() } : undefined;
  const hash = given & flags.hash ? reader.uint() : undefined;
  const events: RoomEvent[] = [];
  const count = given & flags.events ? reader.uint(mostEvents) : 0;
  for (let i = 0; i < count; i++) {
    events.push({ tick: reader.uint(), name: reader.text(mostName), data: decodePayload(reader.text(mostEventBytes)) });
  }
  return { player, applied, lead, echo, hash, events, snapshot: reader.rest() };
}
