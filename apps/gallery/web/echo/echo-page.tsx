import { type ReactElement, useEffect, useMemo } from 'react';
import { useStore } from '../lib/store.js';
import { useSession } from '../session/session-context.js';
import { useTitle } from '../shell/use-title.js';
import { Conversation } from './conversation.js';
import { type EchoState, createEcho } from './echo.js';
import { formatMs } from './format-ms.js';
import { FrameTable } from './frame-table.js';
import { Handshake } from './handshake.js';
import { Sender } from './sender.js';

export function EchoPage(): ReactElement {
  useTitle('Echo');
  const { client, cable } = useSession();
  const echo = useMemo(() => createEcho({ client, origin: location.origin, cable }), [client, cable]);
  useEffect(() => () => echo.dispose(), [echo]);
  const state = useStore(echo.store);

  return (
    <div className="echo">
      <header className="page-head">
        <h1>Echo</h1>
        <p>
          A plain WebSocket: no Longwave on it. The server greets and returns every message. A page cannot see its own
          handshake or frames, so the server reports what passed, and that report comes over Longwave.
        </p>
      </header>

      <section className="panel echo-talk" aria-labelledby="talk-title">
        <div className="panel-head">
          <h2 id="talk-title">Conversation</h2>
          <output className={`socket-state socket-${state.status}`}>{describeStatus(state)}</output>
          {state.status === 'closed' ? (
            <button type="button" className="button button-primary" onClick={echo.connect}>
              Connect
            </button>
          ) : (
            <button type="button" className="button" onClick={echo.disconnect}>
              Disconnect
            </button>
          )}
        </div>
        <Conversation lines={state.lines} />
        <Sender isOpen={state.status === 'open'} onSend={echo.send} />
      </section>

      <Handshake request={state.request} response={state.response} status={state.status} />
      <FrameTable frames={state.frames} skipped={state.skipped} />
    </div>
  );
}

function describeStatus({ status, ending, lines }: EchoState): string {
  const roundTripMs = lines.findLast((line) => line.roundTripMs !== undefined)?.roundTripMs;
  switch (status) {
    case 'connecting':
      return 'Connecting…';
    case 'open':
      return roundTripMs === undefined ? 'Open' : `Open, there and back in ${formatMs(roundTripMs)}`;
    case 'closed':
      if (!ending) return 'Not connected';
      return `Closed with ${ending.code}${ending.reason ? `, "${ending.reason}"` : ''}`;
  }
}
