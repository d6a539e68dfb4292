/** The servers that clients listen to. */
export const sourceOf = {
  'longwave-json': 'longwave',
  'longwave-binary': 'longwave',
  bare: 'bare',
  'bare-batched': 'bare-batched',
  'socket.io': 'socket.io',
};
/** @typedef {keyof typeof sourceOf} ClientName */
