import type { ClientCodec, Codec, CodecName, ServerCodec } from './codec.js';
import { createBinaryCodec } from './binary-codec.js';
import { type Shapes, clientShapes, serverShapes } from './shapes.js';
import { createTextCodec } from './text-codec.js';

function create<Out, In>(name: CodecName, out: Shapes, into: Shapes): Codec<Out, In> {
  const codec = name === 'json' ? createTextCodec(into) : createBinaryCodec(out, into);
  // The shapes tables are checked against the frame types, and codecs produce what the shapes say.
  return codec as unknown as Codec<Out, In>;
}

/** The client's end: encodes client frames, decodes server frames. */
export function createClientCodec(name: CodecName): ClientCodec {
  return create(name, clientShapes, serverShapes);
}

/** The server's end: encodes server frames, decodes client frames. */
export function createServerCodec(name: CodecName): ServerCodec {
  return create(name, serverShapes, clientShapes);
}
