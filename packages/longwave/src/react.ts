'use client';

export { type ApplicationHooks, type LongwaveProviderProps, createHooks } from '@longwave/react';
export type { Standing } from '@longwave/react';
export { type MapEntries, type MapSource, type MapView, useMap } from '@longwave/react';
export { type Messages, type UseMessagesOptions, useMessages } from '@longwave/react';
export {
  type MemberCount,
  type Members,
  type UsePresenceOptions,
  type PresenceSource,
  type PresentMember,
  useMemberCount,
  usePresence,
} from '@longwave/react';
export { type CurrentValue, type UseValueOptions, type ValueSource, useValue } from '@longwave/react';
