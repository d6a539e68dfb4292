// A process with an id that another one has too: says whether it could open the store, and stays.
import process from 'node:process';
import { lmdb } from '@longwave/lmdb';

try {
  lmdb({ path: process.argv[2]! });
  console.log('opened');
  setInterval(() => undefined, 1000);
} catch (error) {
  console.log((error as Error).message);
}
