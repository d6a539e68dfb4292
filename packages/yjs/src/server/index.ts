export type { DocumentServer } from './documents/document-server.js';
export { type ServerDocuments, documents } from './documents/documents.js';
export type { EditOptions } from './documents/edit-document.js';
export type { ChangeTiming, DocumentChange } from './documents/watch-document.js';
export { type YjsOptions, yjs } from './yjs.js';
