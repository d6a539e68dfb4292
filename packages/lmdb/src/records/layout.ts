import { Buffer } from 'node:buffer';

/** Layout of the file; any other is refused. */
export const schemaVersion = 2;

export const storeKey = Buffer.from('store');
export const clockKey = Buffer.from('clock');
