import { createInterface } from 'node:readline';
import { LongwaveError, connect } from 'longwave/client';
import type { channels } from './channels.js';

const [name = 'ada', password = '', room = 'lobby', url = 'http://localhost:8080'] = process.argv.slice(2);

/** Called for each connection, and a minute before the token ends. An error that is no refusal is tried again. */
async function token(): Promise<string> {
  const response = await fetch(`${url}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password }),
  });
  if (response.status === 401) throw new LongwaveError('forbidden', 'The name or the password is wrong.');
  if (!response.ok) throw new Error(`The login answers ${response.status}.`);
  return ((await response.json()) as { token: string }).token;
}

const client = connect<typeof channels>(url, { token });
const chat = client.channel(`chat/${room}`);

client.onState((state) => {
  if (state.status === 'connected') console.log(`* you are ${state.user}`);
  if (state.status === 'closed') console.log(`* ${state.error?.message ?? 'bye'}`);
});
chat.subscribe({ from: { last: 20 }, onEnd: (error) => console.log(`* ${error.message}`) }, (message, meta) =>
  console.log(`${meta.user}: ${message.text}`),
);

const lines = createInterface({ input: process.stdin });
lines.on('line', (text) => {
  chat.publish({ text }).catch((error: unknown) => {
    console.log(`* not sent: ${error instanceof Error ? error.message : String(error)}`);
  });
});
lines.on('close', () => client.close());
