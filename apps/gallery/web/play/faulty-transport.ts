import type { LinkEvents, Transport } from 'longwave/client';
import { DelayLine, type Faults } from './delay-line.js';

/** A transport with a bad network around it: what comes and goes over it is held back, in its order. */
export function faultyTransport(transport: Transport, faults: () => Faults): Transport {
  return {
    name: transport.name,
    connect: (url, codec, events) => {
      const [up, down] = [new DelayLine(faults), new DelayLine(faults)];
      const late: LinkEvents = {
        onOpen: () => down.pass(() => events.onOpen()),
        onMessage: (message, aside) => down.pass(() => events.onMessage(message, aside)),
        onLost: () => down.pass(() => events.onLost()),
        onRenew: () => down.pass(() => events.onRenew()),
        onClose: (close) => down.pass(() => events.onClose(close)),
      };
      const link = transport.connect(url, codec, late);
      return {
        ...(link.renew && { renew: (renewal) => link.renew!(renewal) }),
        send: (message) => up.pass(() => link.send(message)),
        close: (code, reason) => {
          up.clear();
          down.clear();
          link.close(code, reason);
        },
        get bufferedBytes() {
          return link.bufferedBytes ?? 0;
        },
      };
    },
  };
}
