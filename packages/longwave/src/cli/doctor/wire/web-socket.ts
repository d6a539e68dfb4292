import { NodeWebSocket } from '@longwave/node/client';
import { type ReceivedFrame, subprotocols } from '@longwave/protocol';
import { adviceOn } from '../advice.js';
import type { Finding } from '../finding.js';
import { admission, encodeFrame, newClient, opening, readFrames } from './frames.js';
import { type Target, dialOptions, endpointUrl } from './target.js';
import { type Upgrade, askForUpgrade } from '../upgrade.js';
import { type Vendor, bySender, isOwnAnswer, vendorOf } from '../who.js';

export interface WebSocketCheck {
  readonly findings: readonly Finding[];
  readonly works: boolean;
}

/** Whether a WebSocket opens, and frames of some size go both ways over it. */
export async function checkWebSocket(target: Target, vendor: Vendor | undefined): Promise<WebSocketCheck> {
  const upgrade = await askForUpgrade(target);
  if (upgrade.kind !== 'switched') {
    return { findings: [explain(upgrade, vendor)], works: false };
  }
  const talk = await talkOver(target);
  const data = { upgradeMs: upgrade.ms, ...talk };
  if (talk.answered) {
    const saw = `opens in ${upgrade.ms} ms, frames go both ways${talk.refused === undefined ? '' : ' as far as we are let in'}`;
    return { findings: [{ area: 'websocket', verdict: 'ok', saw, data }], works: true };
  }
  const finding: Finding = {
    area: 'websocket',
    verdict: 'fail',
    saw: talk.heard
      ? `opens, and closed with ${talk.close} after the first frames`
      : talk.close === undefined
        ? `opens, and then no frame comes through within ${target.timeoutMs / 1000} s`
        : `opens, and is closed at once (${talk.close})`,
    means: 'Something in between answers the handshake and does not pass on what follows. Clients fall back to HTTP.',
    change: adviceOn('upgrade', vendor),
    data,
  };
  return { findings: [finding], works: false };
}

function explain(upgrade: Exclude<Upgrade, { readonly kind: 'switched' }>, vendor: Vendor | undefined): Finding {
  const failed = { area: 'websocket', verdict: 'fail', data: { ...upgrade } } as const;
  const fallBack = 'Clients fall back to HTTP.';
  switch (upgrade.kind) {
    case 'swallowed':
      return {
        ...failed,
        saw: `the upgrade was not answered within ${upgrade.ms} ms`,
        means: `Something in between took the request and let it go nowhere. ${fallBack} They wait that long first.`,
        change: adviceOn('upgrade', vendor),
      };
    case 'closed':
      return {
        ...failed,
        saw: `the connection was closed in place of an answer to the upgrade (${upgrade.error})`,
        means: `Something in between does not let upgrades through. ${fallBack}`,
        change: adviceOn('upgrade', vendor),
      };
    case 'answered': {
      const { status, headers, text } = upgrade;
      const own = isOwnAnswer({ headers, text, frames: [] });
      const saw = `the upgrade was answered with ${status}${bySender(headers)}`;
      const change = adviceOn('upgrade', vendorOf(headers, text) ?? vendor);
      if (own && status === 426) {
        const means = `It came to Longwave as an ordinary request: a proxy took the Upgrade header away. ${fallBack}`;
        return { ...failed, saw, means, change };
      }
      if (status === 403 && text.startsWith('this origin')) {
        return { ...failed, saw, means: 'Longwave refuses pages of this origin.', change: adviceOn('origin', vendor) };
      }
      if (status === 400 && text.startsWith('Sec-WebSocket-Protocol')) {
        const means = `A proxy took the Sec-WebSocket-Protocol header away. ${fallBack}`;
        return { ...failed, saw, means, change };
      }
      return { ...failed, saw, means: `${own ? 'Longwave' : 'Something in between'} refused it. ${fallBack}`, change };
    }
  }
}

interface Talk {
  /** All that was asked came back. */
  readonly answered: boolean;
  /** Something came. */
  readonly heard: boolean;
  readonly refused: string | undefined;
  readonly close: number | undefined;
}

/** 35 KB of characters of three and four bytes. */
const bulk = '€😀'.repeat(5000);

function talkOver(target: Target): Promise<Talk> {
  const frames: ReceivedFrame[] = [];
  const { origin } = target;
  return new Promise((resolve) => {
    let close: number | undefined;
    const finish = (): void => {
      clearTimeout(timer);
      const entry = admission(frames);
      const refused = entry !== undefined && 'refused' in entry ? entry.refused : undefined;
      const ponged = frames.some(({ type }) => type === 'pong');
      const replied = frames.some((frame) => frame.type === 'error' && frame.id === 1);
      resolve({ answered: refused !== undefined || (ponged && replied), heard: frames.length > 0, refused, close });
      socket.close(1000);
    };
    const timer = setTimeout(finish, target.timeoutMs);
    const { rejectUnauthorized } = dialOptions(target);
    const socket = new NodeWebSocket(
      endpointUrl(target),
      {
        protocols: [subprotocols.json],
        tls: { rejectUnauthorized },
        handshakeTimeoutMs: target.timeoutMs,
        ...(origin !== undefined && { headers: { Origin: origin } }),
      },
      {
        onOpen: () => {
          socket.send(opening(target, newClient()));
          socket.send(encodeFrame({ type: 'call', id: 1, method: 'longwave doctor', data: bulk }));
          socket.send(encodeFrame({ type: 'ping' }));
        },
        onMessage: (message) => {
          frames.push(...readFrames(String(message)));
          if (frames.some(({ type }) => type === 'pong')) finish();
        },
        onClose: (code) => {
          close = code;
          finish();
        },
      },
    );
  });
}
