export { type YjsOptions, yjs } from './yjs.js';
