// Socket.IO 5 over Engine.IO 4, straight onto WebSocket: "0" open, "40" connect, "42" event, "2"/"3" ping and pong.

/** @param {string} role */
function speaker(role) {
  return {
    path: `/socket.io/?EIO=4&transport=websocket&role=${role}&room={{room}}`,
    script: [{ expect: '0{' }, { send: '40' }, { expect: '40{' }],
    replies: [{ when: '2', reply: '3' }],
    publish: '42["m",{{payload}}]',
  };
}

/** @type {import('../harness/peers.mjs').Driver} */
export const socketIo = {
  publisherPerRoom: true,
  subscriber: speaker('sub'),
  publisher: speaker('pub'),
  echo: speaker('echo'),
};
