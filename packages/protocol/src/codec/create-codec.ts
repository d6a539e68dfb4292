import type { ClientCodec, CodecName, ServerCodec } from './codec.js';
import { createBinaryCodec } from './binary-codec.js';
import { writeBinaryOperations } from './binary-operations.js';
import { clientShapes, serverShapes } from './shapes.js';
import { serverSide } from './server-side.js';
import { createTextCodec } from './text-codec.js';
import { encodeTextOperations } from './text-operations.js';

// The shapes tables are checked against the frame types, and codecs produce what the shapes say: hence the assertions.

/** The client's end of `json`: encodes client frames, decodes server frames. */
export function createJsonClientCodec(): ClientCodec {
  return createTextCodec(serverShapes) as unknown as ClientCodec;
}

/** The client's end of `binary`. Apart, so that a page that does without it does not load it. */
export function createBinaryClientCodec(): ClientCodec {
  return createBinaryCodec(clientShapes, serverShapes) as unknown as ClientCodec;
}

/** The client's end of either. */
export function createClientCodec(name: CodecName): ClientCodec {
  return name === 'json' ? createJsonClientCodec() : createBinaryClientCodec();
}

/** The server's end: encodes server frames, decodes client frames. */
export function createServerCodec(name: CodecName): ServerCodec {
  const codec =
    name === 'json'
      ? createTextCodec(clientShapes, serverSide(encodeTextOperations))
      : createBinaryCodec(serverShapes, clientShapes, serverSide(writeBinaryOperations));
  return codec as unknown as ServerCodec;
}
