export {
  type Action,
  type Authority,
  type AuthorizeContext,
  type ConnectionInfo,
  type Grant,
  type Identity,
  openAuthority,
} from './base/authority.js';
export type {
  CallHookContext,
  ConnectionContext,
  DisconnectContext,
  ExpiringContext,
  EnterContext,
  Hooks,
  PublishContext,
  SubscribeContext,
} from './base/hooks.js';
export { Engine } from './engine.js';
export type { EngineOptions } from './engine-options.js';
export type { DedupeSnapshot } from './store/dedupe.js';
export { type PublishMemory, findRepeated } from './store/find-repeated.js';
export { requireRetained } from './store/require-retained.js';
export type { WindowSnapshot } from './store/memory-windows.js';
export {
  type ProducerScope,
  type ProducerWindow,
  ProducerWindows,
  type WindowCounts,
  type WindowTable,
  producersOfOneUser,
} from './store/producer-windows.js';
export { type Limits, defaultLimits, limitRules } from './base/limits.js';
export { type MaybePromise, adopt, isPromise } from './base/maybe-promise.js';
export { type ChannelsSnapshot, JournaledChannels, type StoreCommand } from './store/journaled-channels.js';
export { MemoryLog, type LogSnapshot } from './store/memory-log.js';
export { MemoryStore, type MemoryStoreOptions } from './store/memory-store.js';
export { MemoryRelay } from './store/memory-relay.js';
export { RelayListeners, requireRelayable } from './store/relay-listeners.js';
export { maxRelayBytes } from './base/ports.js';
export type {
  Appended,
  Bounds,
  CancelTimer,
  Chunk,
  Clock,
  Compaction,
  Keep,
  LinkKind,
  Logger,
  MakeId,
  NewOperation,
  Producer,
  ReadQuery,
  Relay,
  Sink,
  Store,
  StoredPage,
  Watcher,
  Wire,
} from './base/ports.js';
export {
  type PollAnswer,
  PollLink,
  type PollOptions,
  type ResponseBody,
  StreamLink,
  createEventWire,
  createPollWire,
} from './sessions/request-links.js';
export type { ServerDemandWatch } from './presence/demand.js';
export type { Listening, ServerSubscription, ServerWatch } from './listening/listening.js';
export type { ServerSubscribeOptions, ServerMessageHandler } from './listening/log-reading.js';
export type { ServerMapHandler, ServerWatchOptions } from './listening/state-reading.js';
export type { ClusterChannel, ClusterReport, InspectQuery, Reached } from './cluster/cluster.js';
export type { ClientCallOptions, ClientReplies, ClientReply } from './cluster/client-calls.js';
export type { UserConnection, UserConnections } from './cluster/user-connections.js';
export type { DisconnectOptions } from './channels/server-arguments.js';
export type { NodeInfo } from './cluster/node-list.js';
export type {
  DocumentContent,
  DocumentSize,
  DocumentFormat,
  DocumentUpdate,
  DocumentVersion,
  VersionBounds,
  VersionRhythm,
} from './channels/document-format.js';
export { isToldOf } from './guards/fenced-store.js';
export type { AskedRoom, RoomEngine, RoomHost, RoomSource } from './playing/room-host.js';
export type { Source, Subscription } from './delivery/subscription.js';
export type { Documents } from './channels/documents.js';
export type { ServerRedactOptions } from './channels/redaction-arguments.js';
export type { Redactions } from './channels/redactions.js';
export type { Change } from './channels/publisher.js';
export {
  type StateDecision,
  type LeaseTerms,
  type StateBefore,
  type StoredChange,
  decideChange,
  expiryOf,
} from './store/state/decide-change.js';
export { LeaseClock } from './store/state/lease-clock.js';
export { MemoryState, type StateSnapshot } from './store/state/memory-state.js';
export type { Mode, Modes } from './channels/state/mode.js';
export type { LoadState, LoadedState } from './channels/state/loaded-state.js';
export { unscoped as unscopedId } from './channels/scoped-ids.js';
export { standardModes } from './channels/state/replacing-mode.js';
export { downstreamBeats } from './sessions/completion.js';
export { mayDo } from './sessions/rights/may.js';
export type { Session } from './sessions/session.js';
export type { Stats } from './base/stats.js';
export type { Visit, Visitor } from './sessions/rights/visit.js';
export type { ServerChangeOptions, ServerPublishOptions } from './channels/publish-options.js';
export { warn } from './base/ports.js';
