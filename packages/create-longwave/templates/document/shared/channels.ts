import { defineChannels, doc } from 'longwave/contract';

/** What server and page agree on: documents of Yjs, by name. */
export const channels = defineChannels({ 'notes/:id': doc() });
