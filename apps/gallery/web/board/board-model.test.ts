import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { type BoardModel, createBoardModel, endAt } from './board-model.js';
import { moveBy } from './geometry.js';
import { type NewShape, maxShapeText } from './shape.js';

const note = (x: number, text = ''): NewShape => ({ kind: 'note', x, y: 0, width: 100, height: 100, color: 5, text });

/** Two boards that tell each other everything at once, until one is cut off. */
function pair(): { a: BoardModel; b: BoardModel; cut: () => () => void; docs: readonly [Y.Doc, Y.Doc] } {
  const docs = [new Y.Doc(), new Y.Doc()] as const;
  let isCut = false;
  const exchange = (): void => {
    for (const [from, to] of [docs, [docs[1], docs[0]]] as const) {
      Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)), 'link');
    }
  };
  for (const doc of docs) doc.on('update', (_update, origin) => (isCut || origin === 'link' ? undefined : exchange()));
  return {
    a: createBoardModel(docs[0]),
    b: createBoardModel(docs[1]),
    docs,
    cut: () => {
      isCut = true;
      return () => {
        isCut = false;
        exchange();
      };
    },
  };
}

const texts = (board: BoardModel): unknown[] =>
  board.shapes.get().inOrder.map((shape) => ('text' in shape ? shape.text : shape.kind));

describe('a board', () => {
  it('shows what others add, and keeps what both did while they were apart', () => {
    const { a, b, cut } = pair();
    const id = a.add(note(0, 'first'))!;
    expect(texts(b)).toEqual(['first']);
    const heal = cut();
    a.transform([id], moveBy(50, 0));
    b.recolor([id], 2);
    b.add(note(300, 'second'));
    heal();
    for (const board of [a, b]) {
      expect(board.shapes.get().byId.get(id)).toMatchObject({ x: 50, color: 2, text: 'first' });
      expect(texts(board)).toEqual(['first', 'second']);
    }
  });

  it('merges what two people type into one note', () => {
    const { a, b, cut } = pair();
    const id = a.add(note(0, 'one two'))!;
    const heal = cut();
    a.setText(id, 'one, two');
    b.setText(id, 'one two three');
    heal();
    expect([texts(a), texts(b)]).toEqual([['one, two three'], ['one, two three']]);
  });

  it('undoes what was done here and leaves the work of others', () => {
    const { a, b } = pair();
    const id = a.add(note(0, 'mine'))!;
    b.add(note(200, 'theirs'));
    a.transform([id], moveBy(10, 10));
    a.recolor([id], 3);
    a.undo();
    expect(a.shapes.get().byId.get(id)).toMatchObject({ x: 10, color: 5 });
    a.undo();
    expect(a.shapes.get().byId.get(id)).toMatchObject({ x: 0 });
    a.undo();
    expect(texts(b)).toEqual(['theirs']);
    expect(a.history.get()).toEqual({ canUndo: false, canRedo: true });
    a.redo();
    expect(texts(b)).toEqual(['mine', 'theirs']);
  });

  it('brings back a deleted note with its text, and the arrow that stuck to it', () => {
    const { a, b } = pair();
    const [from, to] = [a.add(note(0, 'from'))!, a.add(note(400, 'to'))!];
    const find = (id: string) => a.shapes.get().byId.get(id);
    const ends = { from: endAt(find(from), { x: 0, y: 0 }), to: endAt(find(to), { x: 0, y: 0 }) };
    const arrow = a.add({ kind: 'arrow', color: 0, ...ends })!;
    a.remove([to]);
    expect(b.shapes.get().byId.get(arrow)).toMatchObject({ to: { x: 396, y: 50 }, from: { shape: from } });
    a.undo();
    expect(b.shapes.get().byId.get(arrow)).toMatchObject({ to: { shape: to } });
    expect(texts(b)).toContain('to');
  });

  it('copies arrows together with the shapes that they connect', () => {
    const { a } = pair();
    const [from, to] = [a.add(note(0))!, a.add(note(400))!];
    const find = (id: string) => a.shapes.get().byId.get(id);
    const arrow = a.add({
      kind: 'arrow',
      color: 0,
      from: endAt(find(from), { x: 0, y: 0 }),
      to: endAt(find(to), { x: 0, y: 0 }),
    })!;
    const [newFrom, newTo, newArrow] = a.duplicate([from, to, arrow]);
    expect(find(newArrow!)).toMatchObject({ from: { shape: newFrom }, to: { shape: newTo } });
  });

  it('takes what others have stored for data: within bounds, or not at all', () => {
    const { a, docs } = pair();
    const stored = docs[1].getMap('shapes');
    const put = (id: string, values: Record<string, unknown>): void => {
      const entry = new Y.Map();
      for (const [name, value] of Object.entries(values)) entry.set(name, value);
      stored.set(id, entry);
    };
    put('0000000000000001', { kind: 'rectangle', x: 1e300, y: NaN, width: -5, height: 1e9, color: 99, text: 'no' });
    put('0000000000000002', { kind: 'script', x: 0, y: 0 });
    put('not an id', { kind: 'rectangle', x: 0, y: 0, width: 1, height: 1 });
    put('0000000000000003', { kind: 'note', text: new Y.Text('x'.repeat(maxShapeText + 50)), z: 'high' });
    put('0000000000000004', { kind: 'stroke', points: [1, 'b', 3, 4, 5] });
    put('0000000000000005', { kind: 'arrow', from: null, to: { x: 5, y: 5, shape: '__proto__' } });
    stored.set('0000000000000006', 'text');
    const { byId } = a.shapes.get();
    expect([...byId.keys()].toSorted()).toEqual([1, 3, 4, 5].map((n) => `000000000000000${n}`));
    expect(byId.get('0000000000000001')).toMatchObject({
      x: 100_000,
      y: 0,
      width: 1,
      height: 20_000,
      color: 6,
      text: '',
    });
    expect(byId.get('0000000000000003')).toMatchObject({ text: 'x'.repeat(maxShapeText), z: 0 });
    expect(byId.get('0000000000000004')).toMatchObject({ points: [1, 0, 3, 4] });
    expect(byId.get('0000000000000005')).toMatchObject({ from: { x: 0, y: 0 }, to: { x: 5, y: 5 } });
  });
});
