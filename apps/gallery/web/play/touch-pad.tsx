import { type PointerEvent, type ReactElement, useRef, useState } from 'react';
import type { Controls } from './controls.js';

/** Pixels that the thumb goes to the full speed. */
const reach = 56;
/** A press by a keyboard or a screen reader lasts so long. */
const tapMs = 120;

interface Thumb {
  readonly id: number;
  readonly left: number;
  readonly top: number;
  readonly x: number;
  readonly y: number;
}

/** A stick for one thumb and two buttons for the other. */
export function TouchPad({
  controls,
  canDash,
}: {
  readonly controls: Controls;
  readonly canDash: boolean;
}): ReactElement {
  return (
    <div className="touch-pad">
      <Stick controls={controls} />
      <div className="touch-buttons">
        <button
          type="button"
          className="touch-dash"
          disabled={!canDash}
          onPointerDown={() => controls.dash()}
          onClick={({ detail }) => detail === 0 && controls.dash()}
        >
          Dash
        </button>
        <button
          type="button"
          className="touch-fire"
          onPointerDown={({ currentTarget, pointerId }) => {
            currentTarget.setPointerCapture(pointerId);
            controls.tap(true);
          }}
          onPointerUp={() => controls.tap(false)}
          onPointerCancel={() => controls.tap(false)}
          onClick={({ detail }) => {
            if (detail !== 0) return;
            controls.tap(true);
            setTimeout(() => controls.tap(false), tapMs);
          }}
        >
          Fire
        </button>
      </div>
    </div>
  );
}

/** It begins where the thumb is put. */
function Stick({ controls }: { readonly controls: Controls }): ReactElement {
  const [thumb, setThumb] = useState<Thumb>();
  const zone = useRef<HTMLDivElement>(null);

  const begin = (event: PointerEvent): void => {
    if (thumb) return;
    const { left, top } = zone.current!.getBoundingClientRect();
    zone.current!.setPointerCapture(event.pointerId);
    setThumb({ id: event.pointerId, left: event.clientX - left, top: event.clientY - top, x: 0, y: 0 });
    controls.stick({ x: 0, y: 0 });
  };
  const move = (event: PointerEvent): void => {
    if (thumb?.id !== event.pointerId) return;
    const { left, top } = zone.current!.getBoundingClientRect();
    const [x, y] = [(event.clientX - left - thumb.left) / reach, (event.clientY - top - thumb.top) / reach];
    const far = Math.max(1, Math.hypot(x, y));
    setThumb({ ...thumb, x: x / far, y: y / far });
    controls.stick({ x: x / far, y: y / far });
  };
  const end = (event: PointerEvent): void => {
    if (thumb?.id !== event.pointerId) return;
    setThumb(undefined);
    controls.stick(undefined);
  };

  return (
    <div
      ref={zone}
      className="touch-zone"
      data-testid="stick"
      onPointerDown={begin}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
    >
      <div
        className="touch-stick"
        data-held={thumb !== undefined}
        style={thumb && { insetInlineStart: thumb.left, insetBlockStart: thumb.top, insetBlockEnd: 'auto' }}
      >
        <div className="touch-knob" style={thumb && { translate: `${thumb.x * reach}px ${thumb.y * reach}px` }} />
      </div>
    </div>
  );
}
