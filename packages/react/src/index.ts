'use client';

export { type ApplicationHooks, type LongwaveProviderProps, createHooks } from './create-hooks.js';
export type { Standing } from './lazy-store.js';
export { type MapEntries, type MapSource, type MapView, useMap } from './use-map.js';
export { type Messages, type UseMessagesOptions, useMessages } from './use-messages.js';
export {
  type MemberCount,
  type Members,
  type UsePresenceOptions,
  type PresenceSource,
  type PresentMember,
  useMemberCount,
  usePresence,
} from './use-presence.js';
export { type CurrentValue, type UseValueOptions, type ValueSource, useValue } from './use-value.js';
