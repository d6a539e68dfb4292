import type { ReactElement } from 'react';

const ways = [
  ['Keys', 'WASD or arrows to fly, Space to fire, Shift to dash'],
  ['Mouse', 'the ship flies to the pointer; click to fire, right click to dash. With WASD the mouse aims'],
  ['Touch', 'the left thumb is the stick, wherever you put it; buttons for the right one'],
] as const;

export function HowTo(): ReactElement {
  return (
    <section className="panel how-to" aria-labelledby="how-title">
      <div className="panel-head">
        <h2 id="how-title">How it is played</h2>
      </div>
      <dl className="how-ways">
        {ways.map(([title, text]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">
        A spark is a point, a golden one three, a ship that you take out four; who is out loses a third. Three hits are
        too many. A round has three minutes. Without a pointer a beam finds the ship about ahead.
      </p>
      <p className="quiet">
        The server makes 60 steps a second and sends 20 snapshots of what is near you. The rules of movement run here as
        well, so your ship is ahead of its answers. A shot counts by what stood on your screen: the server looks back by
        as much as you were behind.
      </p>
    </section>
  );
}
