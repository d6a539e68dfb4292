import * as encoding from 'lib0/encoding';
import { kinds, openYSocket } from './y-socket.mjs';

const nothing = new Uint8Array();

/** @type {import('./client.mjs').OpenDocument} y-websocket with the server that was made for it. */
export const openYWebsocket = (opening) =>
  openYSocket({ ...opening, path: `/${opening.name}`, prefix: nothing, hello: [], acknowledges: false });

/** @type {import('./client.mjs').OpenDocument} y-websocket with Longwave. */
export const openYWebsocketDialect = (opening) =>
  openYSocket({ ...opening, path: `/yjs/${opening.name}`, prefix: nothing, hello: [], acknowledges: false });

/** @type {import('./client.mjs').OpenDocument} The provider of Hocuspocus sends its token first, and its version with it. */
export const openHocuspocus = (opening) => {
  const prefix = encoding.encode((encoder) => encoding.writeVarString(encoder, opening.name));
  const token = encoding.encode((encoder) => {
    encoding.writeUint8Array(encoder, prefix);
    encoding.writeVarUint(encoder, kinds.auth);
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarString(encoder, 'token');
    encoding.writeVarString(encoder, '4.7.0');
  });
  return openYSocket({ ...opening, path: '/', prefix, hello: [token], acknowledges: true });
};
