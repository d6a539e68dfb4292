import { connect } from 'longwave/client';
import { openOutbox } from 'longwave/client/persist';

interface Tab {
  readonly location: { readonly search: string };
  status?: string;
  say?: (room: string, text: string) => void;
  unsent?: () => readonly unknown[];
}
declare const self: Tab;

const client = connect(new URLSearchParams(self.location.search).get('server')!, {
  token: 'ada',
  reconnect: { maxDelay: 200 },
});
const outbox = openOutbox(client, { name: 'test' });
client.onState(({ status }) => (self.status = status));
self.say = (room, text) => {
  outbox.publish(client.channel(`chat/${room}`), text).catch(() => undefined);
};
self.unsent = () => outbox.getSnapshot().map(({ data }) => data);
