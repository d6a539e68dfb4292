import type { Vehicle } from '../shared/channels.js';
import { type Box, pan, whole, zoom } from './viewport.js';

interface PlaneProps {
  readonly box: Box;
  readonly onMove: (box: Box) => void;
  readonly vehicles: ReadonlyMap<string, Vehicle>;
}

/** Stands for a map of yours: it shows a box, and tells when that is another. */
export function Plane({ box, onMove, vehicles }: PlaneProps) {
  const [minX, minY, maxX, maxY] = box;
  const radius = (maxX - minX) / 150;
  return (
    <section>
      <nav>
        <button onClick={() => onMove(zoom(box, 0.5))}>Zoom in</button>
        <button onClick={() => onMove(zoom(box, 2))}>Zoom out</button>
        <button onClick={() => onMove(pan(box, -0.5, 0))}>Left</button>
        <button onClick={() => onMove(pan(box, 0.5, 0))}>Right</button>
        <button onClick={() => onMove(pan(box, 0, -0.5))}>Up</button>
        <button onClick={() => onMove(pan(box, 0, 0.5))}>Down</button>
        <button onClick={() => onMove(whole)}>All</button>
      </nav>
      <svg viewBox={`${minX} ${minY} ${maxX - minX} ${maxY - minY}`} role="img" aria-label="Vehicles">
        {[...vehicles].map(([id, { x, y, status }]) => (
          <circle key={id} className={status} r={radius} style={{ transform: `translate(${x}px, ${y}px)` }}>
            <title>{`${id}: ${status}`}</title>
          </circle>
        ))}
      </svg>
    </section>
  );
}
