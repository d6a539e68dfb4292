// The Yjs of Longwave's packages, which `bind` needs. The peers have one of their own beside the benchmark, and two in one process
// warn of each other.
const path = '../../node_modules/yjs/dist/yjs.mjs';
/** @type {typeof import('yjs')} */
export const Y = await import(path);
