// The peers without a protocol of their own: what a publisher sends is what the subscribers of its room get.

/** @type {import('../harness/peers.mjs').Driver} */
export const raw = {
  publisherPerRoom: true,
  subscriber: { path: '/sub?room={{room}}' },
  publisher: { path: '/pub?room={{room}}', publish: '{{payload}}' },
  echo: { path: '/echo', publish: '{{payload}}' },
};
