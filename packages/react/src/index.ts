'use client';

export { type ApplicationHooks, type LongwaveProviderProps, createHooks } from './create-hooks.js';
export type { UseSubscriptionResult } from './base/lazy-store.js';
export { type UseMapResult, type MapSource, type UseMapOptions, useMap } from './use-map.js';
export { type UseMessagesResult, type UseMessagesOptions, useMessages } from './use-messages.js';
export {
  type UseMemberCountResult,
  type UsePresenceResult,
  type UsePresenceOptions,
  type PresenceSource,
  type PresentMember,
  useMemberCount,
  usePresence,
} from './use-presence.js';
export { type UseValueResult, type UseValueOptions, type ValueSource, useValue } from './use-value.js';
export type { UseCallOptions, UseCallResult } from './use-call.js';
export { type HistorySource, type UseHistoryOptions, type UseHistoryResult, useHistory } from './use-history.js';
export type { Outgoing, SendTarget, Sending } from './use-outgoing.js';
export { type SubscriptionSource, type UseSubscriptionOptions, useSubscription } from './use-subscription.js';
export { type TypingSource, type UseTypingResult, useTyping } from './use-typing.js';
export { type UseUnreadResult, useUnread } from './use-unread.js';
