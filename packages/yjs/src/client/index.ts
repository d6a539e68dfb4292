export { type BindOptions, type Binding, bind } from './bind.js';
export type { DocumentChannel } from './document-channel.js';
export type { DocumentStatus } from './document-status.js';
