export { type YjsOptions, yjs } from '@longwave/yjs/server';
