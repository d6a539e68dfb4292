import { Buffer } from 'node:buffer';

/** Layout of the file; one that is newer is refused. */
export const schemaVersion = 1;

export const storeKey = Buffer.from('store');
export const clockKey = Buffer.from('clock');
