import { defineChannels, doc } from 'longwave/contract';

export const channels = defineChannels({ 'notes/:id': doc() });
