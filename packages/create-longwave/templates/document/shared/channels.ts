import { defineChannels, doc } from 'longwave/contract';

/** The contract of server and page: documents of Yjs, by name. */
export const channels = defineChannels({ 'notes/:id': doc() });
