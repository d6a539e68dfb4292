import type { ReactElement } from 'react';
import type { ClockEstimate } from './clock-offset.js';
import { formatBytes, formatDuration } from './format.js';
import type { Cost } from './run.js';

interface MeasuringNotesProps {
  readonly clock: ClockEstimate | undefined;
  /** Cost of the WebSocket, the one lane of which the page knows all but the handshake. */
  readonly cost: Cost | undefined;
}

/** Explains how far the figures can be trusted. */
export function MeasuringNotes({ clock, cost }: MeasuringNotesProps): ReactElement {
  return (
    <section className="panel notes" aria-labelledby="notes-title">
      <div className="panel-head">
        <h2 id="notes-title">How it is measured</h2>
      </div>
      <dl>
        <div>
          <dt>Latency</dt>
          <dd>
            The server stamps each message; the page subtracts the stamp from the time at which the lane hands the
            message over. The two clocks are not the same, so the offset is <em>estimated</em> from the quickest round
            trip of the page’s own connection.{' '}
            <span data-testid="clock">
              {clock
                ? `The server’s clock is ${describeOffset(clock.offsetMs)}, give or take ${formatDuration(clock.uncertaintyMs)}, after ${clock.samples} questions.`
                : 'The server has not been asked yet.'}
            </span>
          </dd>
        </div>
        <div>
          <dt>Lost, repeated, out of order</dt>
          <dd>Messages are numbered without a gap. Each lane checks the numbers for itself, from its first one on.</dd>
        </div>
        <div>
          <dt>Bytes on the wire</dt>
          <dd>
            <em>Counted</em>, not estimated: each lane connects through a TCP proxy on a port of its own, which counts
            what passes, with all heads, framing, heartbeats and acknowledgements of Longwave. Not in it: the headers of
            IP and TCP, about 40 bytes a packet, and TLS, which this server does not speak. The three lanes of Longwave
            carry with each message what it takes to continue after a break: channel, epoch, offset and time. The
            answers to polling carry the bare messages.
          </dd>
        </div>
        <div>
          <dt>Requests and contents</dt>
          <dd>
            Counted by the page: what it hands to <code>fetch</code> and <code>WebSocket</code> and gets from them. What
            the wire has more is heads and framing. On the WebSocket the two counts can be checked against each other,
            as the header of a frame follows from its length (RFC 6455).{' '}
            {cost && (
              <span data-testid="handshake">
                The wire’s {formatBytes(cost.line.up + cost.line.down)} are{' '}
                {formatBytes(cost.tally.contentUp + cost.tally.contentDown)} of contents,{' '}
                {formatBytes(cost.tally.framingUp + cost.tally.framingDown)} of frame headers, and the handshake with{' '}
                {formatBytes(handshakeBytes(cost))}.
              </span>
            )}
          </dd>
        </div>
        <div>
          <dt>The network</dt>
          <dd>
            The same proxy holds bytes back. Each lane has a line of its own with the delay and the bandwidth that you
            choose, so that none suffers from another. A new connection waits for a round trip first, as with a TCP
            handshake. Packets are never lost here; on a real network they are.
          </dd>
        </div>
        <div>
          <dt>HTTP/1.1</dt>
          <dd>
            Over HTTP/2 or 3 the heads that are sent again and again shrink to a few dozen bytes, and the limit of six
            connections is gone. Polling stays as late as it is.
          </dd>
        </div>
      </dl>
    </section>
  );
}

/** Bytes that are left without all frames. */
function handshakeBytes({ line, tally }: Cost): number {
  const frames = tally.contentUp + tally.contentDown + tally.framingUp + tally.framingDown;
  return Math.max(0, line.up + line.down - frames);
}

function describeOffset(offsetMs: number): string {
  if (Math.abs(offsetMs) < 0.05) return 'even with this page’s';
  return `${formatDuration(Math.abs(offsetMs))} ${offsetMs > 0 ? 'ahead of' : 'behind'} this page’s`;
}
