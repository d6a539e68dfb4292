/** Bytes a second that the cursors of others may cost a client, when all of them move all the time. */
const bytesPerSecond = 80_000;
/** Bytes of a state on the wire besides its JSON, roughly: key, user, version, time. */
const overheadBytes = 64;
const maxRate = 20;
const minRate = 0.1;
/** Rates are few, so that those who see the same document share what is encoded for them. */
const step = Math.SQRT2;

/** Updates a second to ask for, when there are states of so many bytes together. `current` stays where it is near enough. */
export function rateFor(states: number, jsonBytes: number, current: number): number {
  const wanted = Math.min(maxRate, bytesPerSecond / Math.max(1, jsonBytes + states * overheadBytes));
  const isNear = wanted < maxRate && current * step * step > wanted;
  if (current === maxRate ? wanted >= maxRate : current <= wanted && isNear) return current;
  const steps = Math.ceil(Math.log(maxRate / wanted) / Math.log(step));
  return Math.max(minRate, Number((maxRate / step ** steps).toPrecision(2)));
}
