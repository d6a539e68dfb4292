import { connect } from 'longwave/client';

/** The page's report on its first message, for the test. */
export interface FirstMessage {
  readonly ms: number;
  readonly transport: string;
  readonly why: string;
}

declare const self: { firstMessage?: FirstMessage; readonly location: { readonly origin: string } };

const from = performance.now();
const client = connect(self.location.origin);
client.channel('news').subscribe({ from: { last: 1 } }, () => {
  const { state } = client;
  if (state.status !== 'connected') return;
  self.firstMessage = { ms: performance.now() - from, transport: state.transport, why: state.why };
});
