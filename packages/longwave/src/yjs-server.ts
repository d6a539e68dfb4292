export {
  type ChangeTiming,
  type DocumentChange,
  type DocumentServer,
  type EditOptions,
  type ServerDocuments,
  type YjsOptions,
  documents,
  yjs,
} from '@longwave/yjs/server';
