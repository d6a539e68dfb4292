/**
 * Each takes the message that is due and returns those to send in its place; what is `held` follows the next message.
 * @type {Record<string, (payload: Buffer, held: Buffer[]) => Buffer[]>}
 */
export const faults = {
  lost: () => [],
  duplicated: (payload) => [payload, payload],
  reordered(payload, held) {
    held.push(payload);
    return [];
  },
  corrupt: (payload) => [alter(payload, '"p":"xxx', '"p":"xyx')],
  misrouted: (payload) => [payload, alter(payload, '"r":"001"', '"r":"000"')],
  /** A loss that is owned up to. */
  announced: () => [Buffer.from('{"type":"reset"}')],
};

/**
 * @param {Buffer} payload
 * @param {string} from
 * @param {string} to
 */
const alter = (payload, from, to) => Buffer.from(payload.toString().replace(from, to));
