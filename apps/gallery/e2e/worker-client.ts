import { connect } from 'longwave/client';

/** Requests of the page to the worker, and the worker's answers. */
declare const self: {
  onmessage: ((event: { data: string }) => void) | null;
  postMessage(told: unknown): void;
  readonly location: { readonly origin: string };
};

const client = connect(self.location.origin);
client.onState(({ status }) => self.postMessage({ status }));
const room = client.channel('chat/worker');
room.subscribe((data, { offset }) => self.postMessage({ data, offset }));
self.onmessage = ({ data }) =>
  void room.publish(data).then(({ position }) => self.postMessage({ stored: position.offset }));
