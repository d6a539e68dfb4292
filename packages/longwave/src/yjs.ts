export { type BindOptions, type Binding, type DocumentChannel, type DocumentStatus, bind } from '@longwave/yjs';
