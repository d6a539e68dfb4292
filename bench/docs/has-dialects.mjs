import { existsSync } from 'node:fs';

/** Whether this commit of Longwave speaks the protocols of other clients. */
export const hasDialects = existsSync(new URL('../../packages/longwave/dist/dialects.js', import.meta.url));
