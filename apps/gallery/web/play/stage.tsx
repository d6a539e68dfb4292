import {
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useState,
} from 'react';
import { renderLoop } from 'longwave/rooms';
import { useThemeVersion } from '../compare/use-theme-version.js';
import { isCalm } from '../ticker/is-calm.js';
import { Camera } from './camera.js';
import type { Controls } from './controls.js';
import { Effects } from './effects.js';
import { type ArenaRoom, Game } from './game.js';
import { Hud } from './hud.js';
import type { Traffic } from './net-meter.js';
import { Painter } from './painter.js';
import { TouchPad } from './touch-pad.js';
import { useStore } from '../lib/store.js';

interface StageProps {
  readonly frame: RefObject<HTMLDivElement | null>;
  readonly room: ArenaRoom | undefined;
  readonly game: Game | undefined;
  readonly onGame: (game: Game | undefined) => void;
  readonly controls: Controls;
  readonly traffic: () => Traffic;
  readonly isPlaying: boolean;
  /** Without a connection it is a picture of the past. */
  readonly isStale: boolean;
  readonly children: ReactNode;
}

/** The canvas, and all that lies on it. */
export function Stage(props: StageProps): ReactElement {
  const { frame, room, game, onGame, controls, traffic, isPlaying, isStale, children } = props;
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null);
  const [painter, setPainter] = useState<Painter>();
  const theme = useThemeVersion();
  const description = useId();

  useEffect(() => {
    if (!canvas) return undefined;
    const made = new Painter(canvas, new Camera(), new Effects());
    const calm = matchMedia('(prefers-reduced-motion: reduce)');
    const follow = (): void => void (made.isCalm = isCalm());
    follow();
    calm.addEventListener('change', follow);
    made.showsMap = !matchMedia('(pointer: coarse)').matches;
    const observer = new ResizeObserver(() => made.resize(canvas.clientWidth, canvas.clientHeight, devicePixelRatio));
    observer.observe(canvas);
    setPainter(made);
    return () => {
      calm.removeEventListener('change', follow);
      observer.disconnect();
    };
  }, [canvas]);
  useEffect(() => painter?.recolor(), [painter, theme]);

  useEffect(() => {
    if (!room || !painter) return undefined;
    const made = new Game({ room, painter, controls, traffic });
    onGame(made);
    const stop = renderLoop(room, made.frame);
    return () => {
      stop();
      onGame(undefined);
    };
  }, [room, painter, controls, traffic, onGame]);

  const point = (event: PointerEvent): void => {
    if (event.pointerType !== 'mouse' || !canvas) return;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    controls.point({ x: event.clientX - left - width / 2, y: event.clientY - top - height / 2 });
  };
  const press = (event: PointerEvent): void => {
    if (event.pointerType !== 'mouse' || !isPlaying) return;
    point(event);
    if (event.button === 0) controls.press(true);
    else if (event.button === 2) controls.dash();
  };

  return (
    <div
      ref={frame}
      className="stage"
      data-playing={isPlaying}
      data-stale={isStale}
      role="application"
      aria-label="Arena"
      aria-describedby={game && description}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- an application takes the keys of the game
      tabIndex={0}
    >
      <canvas
        ref={setCanvas}
        className="stage-canvas"
        aria-hidden="true"
        onContextMenu={(event) => isPlaying && event.preventDefault()}
        onPointerMove={point}
        onPointerDown={press}
        onPointerUp={() => controls.press(false)}
        onPointerLeave={() => (controls.point(undefined), controls.press(false))}
      />
      {game && <Hud game={game} description={description} />}
      {game && isPlaying && <Pad game={game} controls={controls} />}
      {children}
    </div>
  );
}

function Pad({ game, controls }: { readonly game: Game; readonly controls: Controls }): ReactElement {
  const { canDash } = useStore(game.store);
  return <TouchPad controls={controls} canDash={canDash} />;
}
