'use client';

export { type ApplicationHooks, type LongwaveProviderProps, createHooks } from '@longwave/react';
export type { UseSubscriptionResult } from '@longwave/react';
export { type UseMapResult, type MapSource, type UseMapOptions, useMap } from '@longwave/react';
export { type UseMessagesResult, type UseMessagesOptions, useMessages } from '@longwave/react';
export {
  type UseMemberCountResult,
  type UsePresenceResult,
  type UsePresenceOptions,
  type PresenceSource,
  type PresentMember,
  useMemberCount,
  usePresence,
} from '@longwave/react';
export { type UseValueResult, type UseValueOptions, type ValueSource, useValue } from '@longwave/react';
export type { UseCallOptions, UseCallResult } from '@longwave/react';
export { type HistorySource, type UseHistoryOptions, type UseHistoryResult, useHistory } from '@longwave/react';
export type { Outgoing, SendTarget, Sending } from '@longwave/react';
export { type SubscriptionSource, type UseSubscriptionOptions, useSubscription } from '@longwave/react';
export { type TypingSource, type UseTypingResult, useTyping } from '@longwave/react';
export { type UseUnreadResult, useUnread } from '@longwave/react';
