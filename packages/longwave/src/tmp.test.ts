import { it } from 'vitest';
import { runRooms } from './testing/rooms-run.js';
it('x', async () => {
  console.log(await runRooms(2));
});
