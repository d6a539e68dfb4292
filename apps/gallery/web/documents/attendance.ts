import type { Awareness } from 'y-protocols/awareness';
import type { Attendance } from '../chat/attendance.js';
import { createStore } from '../lib/store.js';
import { listVisitors } from './visitor.js';

/** The people who have a document open. Two tabs of one are one. `close` ends the watching. */
export function createDocumentAttendance(
  awareness: Awareness,
): Pick<Attendance, 'store'> & { readonly close: () => void } {
  const store = createStore<ReturnType<Attendance['store']['get']>>([]);
  const refresh = (): void => {
    const names = [...new Set(listVisitors(awareness).map(({ name }) => name))].toSorted((a, b) => a.localeCompare(b));
    const before = store.get();
    if (names.length === before.length && names.every((name, i) => name === before[i]!.name)) return;
    store.set(names.map((name) => ({ name, isAway: false })));
  };
  awareness.on('change', refresh);
  refresh();
  return { store, close: () => awareness.off('change', refresh) };
}
