import {
  type ChannelDefinition,
  type LogDefinition,
  LongwaveError,
  type StateDefinition,
  isLog,
  isRoom,
} from '@longwave/protocol';

/** HIS-1, DOC-4: for who is not the server itself. */
export function requireHistory({ mode }: ChannelDefinition): void {
  if (mode === 'doc') throw new LongwaveError('wrong-mode', 'Updates of a document mean nothing without each other.');
  if (mode !== 'log') throw new LongwaveError('wrong-mode', 'Only a log has a history.');
}

/** Throws `wrong-mode` for a channel that keeps no log. */
export function requireLog(name: string, definition: ChannelDefinition): LogDefinition {
  if (isLog(definition)) return definition;
  throw new LongwaveError('wrong-mode', `'${name}' has no messages.`);
}

/** Throws `wrong-mode` for a channel that keeps no state. */
export function requireState(name: string, definition: ChannelDefinition): StateDefinition {
  if (isLog(definition)) throw new LongwaveError('wrong-mode', `'${name}' has messages, not entries.`);
  if (isRoom(definition))
    throw new LongwaveError('wrong-mode', `'${name}' is a room: it has neither messages nor entries.`);
  return definition;
}
