import type { Clock, Timer, Transport } from './ports.js';
import { atLeast, checked, having } from './check.js';

/** Checks the answers of the application's own objects where they come in, and refuses them by name (CLI-10). */
export function checkedClock(clock: Clock): Clock {
  return {
    now: () => checked('clock.now()', clock.now(), atLeast(-Infinity)),
    setTimer: (call, delayMs) => {
      let taken: Timer | undefined;
      const timer = clock.setTimer(() => taken && call(), delayMs);
      // One that is refused may go off all the same, when nobody is there to be told.
      return (taken = checked('clock.setTimer()', timer, having('cancel')));
    },
  };
}

/** A link that is none is an attempt that failed. */
export function checkedTransport(transport: Transport): Transport {
  return {
    name: transport.name,
    connect: (...given) => checked('transport.connect()', transport.connect(...given), having('send', 'close')),
  };
}
