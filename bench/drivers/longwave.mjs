// Longwave: subscribers take the binary codec, the one publisher and the callers of echo speak JSON (SPEC.md, WIRE-2).
import { createClientCodec, protocolVersion, subprotocols } from '@longwave/protocol';
import { token } from '../peers/longwave-contract.mjs';
import { publishHistory } from './longwave-history.mjs';

const binary = createClientCodec('binary');
const json = createClientCodec('json');

/** Stand-ins of the very length of what the generator fills in, so that length prefixes hold. */
const places = { '{{connection}}': '#conn#', '{{run}}': '##run###', '{{room}}': '#r#' };

/**
 * @param {Uint8Array | string} message
 * @returns {Uint8Array}
 */
function withPlaces(message) {
  let text = Buffer.from(message).toString('latin1');
  for (const [place, standIn] of Object.entries(places)) text = text.replaceAll(standIn, place);
  return Buffer.from(text, 'latin1');
}

const path = '/longwave';
const client = `bench-${places['{{run}}']}-${places['{{connection}}']}`;
const channel = `room/${places['{{room}}']}`;
const connect = /** @type {const} */ ({ type: 'connect', version: protocolVersion, client, token });

/**
 * Connect and subscribe in one message: one round trip (SES-2), and none of its own where the opening request carries it (WIRE-17).
 * @param {boolean} early
 * @param {{ epoch: string, offset: number }} [position]
 * @returns {import('../harness/scenario-file.mjs').Speaker}
 */
const subscriber = (early, position) => {
  const message = withPlaces(
    binary.join([binary.encode(connect), binary.encode({ type: 'subscribe', id: 1, channel, ...position })]),
  );
  const { binary: protocol } = subprotocols;
  return {
    path,
    subprotocol: early ? `${protocol}, ${protocol}.first, longwave.first.{{first}}` : protocol,
    ...(early && { first: message }),
    script: [
      ...(early ? [] : [{ send: message }]),
      // `subscribed` without a reset, for request 1.
      { expect: Uint8Array.of(33, 0, 1) },
    ],
    // `ping` is the last frame of a heartbeat (HB-2).
    replies: [{ when: binary.encode({ type: 'ping' }), reply: binary.encode({ type: 'pong' }) }],
  };
};

/**
 * @param {string} publish
 * @returns {import('../harness/scenario-file.mjs').Speaker}
 */
const speaker = (publish) => ({
  path,
  subprotocol: subprotocols.json,
  script: [{ send: withPlaces(json.encode(connect)).toString() }, { expect: '"connected"' }],
  replies: [{ when: json.encode({ type: 'ping' }), reply: json.encode({ type: 'pong' }) }],
  publish,
});

/** @param {boolean} early @returns {import('../harness/peers.mjs').Driver} */
const driver = (early) => ({
  publisherPerRoom: false,
  subscriber: subscriber(early),
  publisher: speaker('{"type":"publish","id":{{count}},"channel":"room/{{room}}","seq":{{count}},"data":{{payload}}}'),
  echo: speaker('{"type":"call","id":{{count}},"method":"echo","data":{{payload}}}'),
  // The beginning of the frame `reset`: its type byte, and a channel of eight letters.
  reset: Buffer.from('\x26\x08room/', 'latin1'),
  prepareResume: async (port, count) => subscriber(early, await publishHistory(`ws://127.0.0.1:${port}${path}`, count)),
});

export const longwave = driver(true);
/** For builds from before WIRE-17. */
export const longwaveLate = driver(false);
