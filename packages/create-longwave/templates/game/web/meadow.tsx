import { renderLoop } from 'longwave/rooms';
import { useRoom } from 'longwave/rooms/react';
import { useEffect, useRef, useState } from 'react';
import { meadow, size } from '../shared/channels.js';
import { logic } from '../shared/logic.js';
import { listenToKeys } from './keys.js';
import { useChannel } from './realtime.js';

/** React renders when the room comes and ends; `renderLoop` draws what moves. */
export function Meadow({ id }: { readonly id: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [coins, setCoins] = useState(0);
  const { room, error } = useRoom(useChannel(`meadow/${id}`), meadow, { player: {}, own: 'player', predict: logic });

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!room || !context) return undefined;
    return renderLoop(room, ({ entities, own }) => {
      context.clearRect(0, 0, size, size);
      context.fillStyle = '#eab308';
      for (const { x, y } of entities.coin.values()) disc(context, x, y, 8);
      context.fillStyle = '#64748b';
      for (const [player, { x, y, name }] of entities.player) {
        if (player !== room.player) label(context, x, y, name);
      }
      if (!own) return;
      context.fillStyle = '#3b82f6';
      label(context, own.x, own.y, own.name);
      setCoins(own.coins);
    });
  }, [room]);

  useEffect(() => (room ? listenToKeys((way) => room.hold('move', way)) : undefined), [room]);

  if (error) return <p role="alert">{error.message}</p>;
  return (
    <main>
      <p>
        <output>{room ? `${coins} coins` : 'Joining'}</output> Move with the arrow keys.
      </p>
      <canvas ref={canvas} width={size} height={size} />
    </main>
  );
}

function disc(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function label(context: CanvasRenderingContext2D, x: number, y: number, name: string): void {
  disc(context, x, y, 16);
  context.font = '20px system-ui';
  context.textAlign = 'center';
  context.fillText(name, x, y - 24);
}
