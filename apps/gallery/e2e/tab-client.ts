import { connect } from 'longwave/client';

interface Tab {
  readonly location: { readonly origin: string };
  status?: string;
  seen?: unknown[];
  say?: (text: string) => Promise<unknown>;
}
declare const self: Tab;

const client = connect(self.location.origin);
const news = client.channel('news');
const seen: unknown[] = (self.seen = []);
client.onState((state) => (self.status = state.status === 'connected' ? state.transport : state.status));
news.subscribe({ from: { last: 10 } }, (data) => seen.push(data));
self.say = (text) => news.publish(text);
