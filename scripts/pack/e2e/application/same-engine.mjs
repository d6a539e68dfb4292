import { lmdb } from '@longwave/lmdb';
import { LongwaveError, createServer } from 'longwave';
import { defineChannels, log } from 'longwave/contract';

const server = createServer({ channels: defineChannels({ notes: log() }), store: await lmdb({ path: './data' }) });
const notes = server.channel('notes');
console.log((await notes.publish('kept')).durability);
try {
  await notes.publish('x'.repeat(10_000_000));
} catch (error) {
  console.log(error instanceof LongwaveError ? 'LongwaveError' : 'another class', error.code);
}
await server.close();
