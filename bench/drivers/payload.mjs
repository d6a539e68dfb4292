/**
 * A payload as generator/payload.c writes it, due at no particular time.
 * @param {number} room
 * @param {number} seq
 */
export function formatPayload(room, seq) {
  const digits = (/** @type {number} */ value, /** @type {number} */ count) => String(value).padStart(count, '0');
  return `{"m":"LW","r":"${digits(room, 3)}","s":"${digits(seq, 10)}","t":"${digits(0, 16)}","p":"xxxxxxxxxxx"}`;
}
