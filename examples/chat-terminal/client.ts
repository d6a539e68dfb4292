import { createInterface } from 'node:readline';
import { connect } from 'longwave/client';
import type { channels } from './channels.js';

const [name = 'guest', room = 'lobby', url = 'http://localhost:8080'] = process.argv.slice(2);

// #region teach:home-client
const client = connect<typeof channels>(url, { token: name });
const chat = client.channel(`chat/${room}`);
// #endregion

client.onState((state) => {
  if (state.status !== 'connecting') console.log(`* ${state.status}`);
});
// #region teach:home-client
chat.subscribe(
  { from: { last: 20 }, onReset: ({ reason }) => console.log(`* history was reset: ${reason}`) },
  (message, meta) => console.log(`${new Date(meta.time).toLocaleTimeString()} ${meta.user}: ${message.text}`),
);
// #endregion

const lines = createInterface({ input: process.stdin });
const sent = new Set<Promise<unknown>>();
lines.on('line', (text) => {
  // Typed while offline, it waits, is sent again after the reconnect and stored once.
  const published: Promise<unknown> = chat
    .publish({ text })
    .catch((error: unknown) => console.error('* not sent:', error instanceof Error ? error.message : error))
    .finally(() => sent.delete(published));
  sent.add(published);
});
lines.on('close', () => void Promise.all(sent).then(() => client.close()));
