import { WebSocketConnection, createConnectionSettings } from '@longwave/websocket';
import { createNodePorts } from '@longwave/websocket/node';

const settings = createConnectionSettings({
  role: 'client',
  ports: createNodePorts(),
  maxMessageBytes: Number.MAX_SAFE_INTEGER,
});
const nowhere = { write: () => true, end: () => undefined };
const known = new WeakMap<readonly Uint8Array[], readonly (string | Uint8Array)[]>();

/** The messages in frames that a server has encoded. They are found once for all peers that get the same frames. */
export function messagesOf(parts: readonly Uint8Array[]): readonly (string | Uint8Array)[] {
  const found = known.get(parts);
  if (found) return found;
  const messages: (string | Uint8Array)[] = [];
  const connection = new WebSocketConnection(settings, nowhere, {
    onMessage: (data) => void messages.push(data),
    onClose: () => undefined,
  });
  for (const part of parts) connection.receive(part, 0);
  known.set(parts, messages);
  return messages;
}
