import { randomBytes } from 'node:crypto';
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { subprotocols } from '@longwave/protocol';
import { type Target, dialOptions } from './wire/target.js';

/** The outcome of a request for an upgrade. */
export type Upgrade =
  | { readonly kind: 'switched'; readonly headers: IncomingHttpHeaders; readonly ms: number }
  | { readonly kind: 'answered'; readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }
  | { readonly kind: 'swallowed'; readonly ms: number }
  | { readonly kind: 'closed'; readonly error: string };

/** Asks for a WebSocket by hand, and looks at whatever is answered: a client would only learn that there is none. */
export function askForUpgrade(target: Target): Promise<Upgrade> {
  const startedAt = performance.now();
  const sinceStart = (): number => Math.round(performance.now() - startedAt);
  return new Promise((resolve) => {
    const send = target.secure ? httpsRequest : httpRequest;
    const request = send({
      ...dialOptions(target),
      agent: false,
      path: target.path,
      headers: {
        Host: target.host,
        ...(target.origin !== undefined && { Origin: target.origin }),
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
        'Sec-WebSocket-Protocol': `${subprotocols.binary}, ${subprotocols.json}`,
      },
    });
    const finish = (upgrade: Upgrade): void => {
      clearTimeout(timer);
      request.destroy();
      resolve(upgrade);
    };
    const onClose = (): void => finish({ kind: 'closed', error: 'it ended without a word' });
    const timer = setTimeout(() => finish({ kind: 'swallowed', ms: sinceStart() }), target.timeoutMs);
    request.on('upgrade', ({ headers }, socket) => {
      socket.on('error', () => undefined).destroy();
      finish({ kind: 'switched', headers, ms: sinceStart() });
    });
    request.on('response', (response) => {
      // The request may close before what came of it has been read.
      request.off('close', onClose);
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(0, 2000)));
      const { statusCode: status = 0, headers } = response;
      response.on('close', () => finish({ kind: 'answered', status, headers, text }));
      response.on('error', () => undefined);
    });
    request.on('error', (error) => finish({ kind: 'closed', error: error.message || String(error) }));
    request.on('close', onClose);
    request.end();
  });
}
