import type { LinkEvents } from '../base/ports.js';

/** Passes the events of a link on for as long as it is the current one: what one says after another took its place is past. */
export function currentEvents(isCurrent: () => boolean, events: LinkEvents): LinkEvents {
  const current =
    <A extends readonly unknown[]>(pass: (...given: A) => void) =>
    (...given: A): void => {
      if (isCurrent()) pass(...given);
    };
  return {
    onOpen: current(events.onOpen),
    onMessage: current(events.onMessage),
    onLost: current(events.onLost),
    onRenew: current(events.onRenew),
    onClose: current(events.onClose),
  };
}
