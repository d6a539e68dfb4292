export {
  type Handler,
  type RequestOptions,
  type SubscribeOptions,
  type SubscribedInfo,
  type Subscription,
  type SubscriptionState,
} from './api/api.js';
export { type Channel, type ChannelOf, type Client, type RoomChannel, type TransportChoice } from './api/client-api.js';
export { attachFeed, clientOf } from './client/client-of.js';
export type { MakeFeed } from './subscriptions/feeds.js';
export { type Asked, WireSubscription } from './subscriptions/wire-subscription.js';
export type { ChannelFrame } from './connection/frame-sender.js';
export type { Context } from './context.js';
export { call } from './base/safe-call.js';
export { binaryCodec, connect } from './connect.js';
export { type ConnectionState } from './connection/connection-state.js';
export {
  type ChannelTraits,
  type DemandWatch,
  type EnterOptions,
  type MapChannel,
  type MapHandler,
  type MapWatch,
  type Presence,
  type ValueChannel,
  type ValueHandler,
  type ValueWatch,
  type Watch,
  type WatchOptions,
} from './api/state-api.js';
export { type CallSchemas, type CheckedCalls, callChecks } from './sending/call-checks.js';
export { type MessageStore, type MessageStoreOptions, messageStore } from './subscriptions/message-store.js';
export { fetchRequest } from './transports/fetch-request.js';
export { type TransportReason } from './connection/transport-fallback.js';
export { type ClientOptions, type OutboxOptions, type ReconnectOptions, type TransportName } from './base/options.js';
export {
  type CallChecks,
  type Clock,
  type Diagnostic,
  type Environment,
  type Link,
  type LinkClose,
  type LinkEvents,
  type Timer,
  type Renewal,
  type Transport,
  type TransportMemory,
} from './base/ports.js';
export { type HttpTransportOptions, pollTransport, streamTransport } from './transports/http.js';
export type { PostRequest, RequestEvents } from './transports/post-request.js';
export { type WebSocketConstructor, type WebSocketLike, webSocketTransport } from './transports/web-socket.js';
// Types that the server shares.
export type {
  ChangeOptions,
  Entry,
  HistoryOptions,
  HistoryPage,
  MapChange,
  Member,
  Message,
  MessageMeta,
  Patch,
  PublishOptions,
  Published,
  RedactOptions,
  Redaction,
  Removal,
  ResetInfo,
} from '@longwave/protocol';
