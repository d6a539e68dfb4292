import { type ChannelDefinition, LongwaveError } from '@longwave/protocol';

/** HIS-1, DOC-4: for who is not the server itself. */
export function requireHistory({ mode }: ChannelDefinition): void {
  if (mode === 'doc') throw new LongwaveError('wrong-mode', 'Updates of a document mean nothing without each other.');
  if (mode !== 'log') throw new LongwaveError('wrong-mode', 'Only a log has a history.');
}
