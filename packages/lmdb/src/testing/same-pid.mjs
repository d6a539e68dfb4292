// A store in a process of a namespace of its own: says whether it could be opened, and stores what it is told to.
import process from 'node:process';
import { lmdb } from '../../dist/index.js';

try {
  const store = lmdb({ path: process.argv[2] });
  console.log(`${process.pid} opened`);
  process.stdin.on('data', () => {
    const stored = store.append('a', { payload: '1' }, { count: 10, bytes: 1e6, ageMs: 60_000 });
    void stored.then(({ offset }) => console.log(`stored ${offset}`));
  });
} catch (error) {
  console.log(`${process.pid} refused: ${error.message}`);
}
