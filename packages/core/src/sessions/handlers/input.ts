import type { Input } from '@longwave/protocol';
import type { Session } from '../session.js';

/** ROOM-3. The right was asked for when the player entered, and a member who loses it leaves. */
export function handleInput(session: Session, { channel, data }: Input): void {
  const { rooms, digest } = session.context;
  if (!rooms || !(data instanceof Uint8Array)) return session.intake.countBadFrame();
  try {
    rooms.input(channel, session.find(channel)?.viewer ?? digest(session.clientKey), data);
  } catch {
    session.intake.countBadFrame();
  }
}
