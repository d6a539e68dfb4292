import * as Y from 'yjs';

type Values = Readonly<Record<string, unknown>>;

const box = (kind: string, color: number, [x, y, width, height]: readonly number[], text: string): Values => ({
  kind,
  color,
  x,
  y,
  width,
  height,
  text,
});
const id = (n: number): string => n.toString(16).padStart(16, '0');
const arrow = (from: number, to: number): Values => ({
  kind: 'arrow',
  color: 0,
  from: { x: 0, y: 0, shape: id(from) },
  to: { x: 0, y: 0, shape: id(to) },
});

const welcome: readonly Values[] = [
  box('rectangle', 1, [0, 0, 180, 90], 'Two people draw'),
  box('ellipse', 2, [300, -15, 190, 120], 'on one board'),
  box('rectangle', 6, [610, 0, 180, 90], 'and nothing is lost'),
  box('note', 5, [40, 190, 170, 170], 'Move a box: its arrows come along.'),
  box('note', 3, [310, 190, 170, 170], 'Open a second tab to see the pointer of another.'),
  box('note', 4, [600, 190, 170, 170], 'Everything works with the keyboard, too: Tab, arrow keys, Enter.'),
  arrow(1, 2),
  arrow(2, 3),
];

const note = (color: number, x: number, y: number, text: string): Values => box('note', color, [x, y, 170, 170], text);
const retro: readonly Values[] = [
  box('rectangle', 6, [0, 0, 200, 70], 'Went well'),
  box('rectangle', 5, [240, 0, 200, 70], 'Could be better'),
  box('rectangle', 2, [480, 0, 200, 70], 'To try'),
  note(6, 15, 100, 'Nobody noticed the restart.'),
  note(5, 255, 100, 'The demo began with a login.'),
  note(2, 495, 100, 'Cut the network in every review.'),
];

/** The board that a visitor meets first. */
export const fillFirstBoard = (doc: Y.Doc): void => fillBoard(doc, welcome);

/** Three columns of a look back. */
export const fillRetro = (doc: Y.Doc): void => fillBoard(doc, retro);

// #region teach:board-server
function fillBoard(doc: Y.Doc, shapes: readonly Values[]): void {
  const stored = doc.getMap<Y.Map<unknown>>('shapes');
  shapes.forEach((values, i) => {
    const entry = new Y.Map<unknown>();
    for (const [name, value] of Object.entries(values)) {
      entry.set(name, name === 'text' ? new Y.Text(String(value)) : value);
    }
    entry.set('z', i + 1);
    stored.set(id(i + 1), entry);
  });
}
// #endregion
