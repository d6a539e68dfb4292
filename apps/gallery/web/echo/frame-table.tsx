import { type ReactElement, memo } from 'react';
import { traceFrameBytes } from '../../shared/trace-limits.js';
import type { TracedFrame } from './echo.js';
import { describePayload, readFrame } from './frame-anatomy.js';
import { formatMs } from './format-ms.js';
import { formatHex, parseHex } from './hex.js';
import { lastPingMs } from './ping-time.js';

interface FrameTableProps {
  readonly frames: readonly TracedFrame[];
  readonly skipped: number;
}

export function FrameTable({ frames, skipped }: FrameTableProps): ReactElement {
  const pingMs = lastPingMs(frames);
  return (
    <section className="panel" aria-labelledby="frames-title">
      <div className="panel-head">
        <h2 id="frames-title">Frames on the wire</h2>
        {pingMs !== undefined && <p className="quiet">The server’s last ping took {formatMs(pingMs)}.</p>}
        <ul className="legend" aria-label="Parts of a frame">
          <li className="part-flags">FIN, RSV, opcode</li>
          <li className="part-length">mask bit, length</li>
          <li className="part-mask">mask key</li>
          <li className="part-payload">payload</li>
        </ul>
      </div>
      {skipped > 0 && <p className="quiet">{skipped.toLocaleString()} more frames passed without being shown.</p>}
      {frames.length === 0 ? (
        <p className="empty">Every frame of the connection appears here, in both directions, the newest first.</p>
      ) : (
        <ol className="frames" reversed>
          {frames.toReversed().map((frame) => (
            <FrameRow key={frame.key} frame={frame} />
          ))}
        </ol>
      )}
    </section>
  );
}

const FrameRow = memo(function FrameRow({ frame }: { readonly frame: TracedFrame }): ReactElement {
  const bytes = parseHex(frame.hex) ?? new Uint8Array();
  const anatomy = readFrame(bytes);
  const isUp = frame.direction === 'in';
  return (
    <li className={`frame frame-${frame.direction}`} data-testid={`frame-${frame.direction}`}>
      <div className="frame-facts">
        <span className="frame-direction">
          <span aria-hidden="true">{isUp ? '↑' : '↓'}</span> {isUp ? 'to server' : 'to browser'}
        </span>
        {anatomy && (
          <>
            <span className={`opcode${anatomy.isControl ? ' opcode-control' : ''}`}>
              {anatomy.opcodeName} <span className="quiet">0x{anatomy.opcode.toString(16)}</span>
            </span>
            <span>FIN {anatomy.fin ? 1 : 0}</span>
            {anatomy.rsv[0] && <span>RSV1, compressed</span>}
            <span>{anatomy.maskKey ? `masked with ${formatHex(anatomy.maskKey)}` : 'not masked'}</span>
            <span>
              payload {anatomy.payloadLength.toLocaleString()} of {frame.byteLength.toLocaleString()} B
            </span>
          </>
        )}
        <span className="frame-time">+{(frame.atMs / 1000).toFixed(3)} s</span>
      </div>
      <p className="frame-bytes">
        {anatomy
          ? anatomy.parts.map((part) => (
              <span key={part.name} className={`part-${part.name}`} title={part.name}>
                {formatHex(part.bytes)}{' '}
              </span>
            ))
          : formatHex(bytes)}
        {frame.byteLength > traceFrameBytes && (
          <span className="quiet">… {frame.byteLength - traceFrameBytes} bytes more</span>
        )}
      </p>
      {anatomy && describePayload(anatomy) !== undefined && (
        <p className="frame-payload" dir="auto">
          {describePayload(anatomy)}
        </p>
      )}
    </li>
  );
});
