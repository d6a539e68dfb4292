export {
  type Action,
  type Authority,
  type ConnectionInfo,
  type Grant,
  type Identity,
  openAuthority,
} from './authority.js';
export type { ConnectionContext, Hooks, PublishContext } from './hooks.js';
export { Engine, type EngineOptions } from './engine.js';
export type { DedupeSnapshot } from './dedupe.js';
export type { WindowSnapshot } from './memory-windows.js';
export {
  type ProducerScope,
  type ProducerWindow,
  ProducerWindows,
  type WindowCounts,
  type WindowTable,
  producersOfOneUser,
} from './producer-windows.js';
export { type Limits, defaultLimits, limitRules } from './limits.js';
export type { MaybePromise } from './maybe-promise.js';
export { MemoryLog, type LogSnapshot } from './memory-log.js';
export { MemoryStore, type MemoryStoreOptions } from './memory-store.js';
export type {
  Appended,
  Bounds,
  CancelTimer,
  Clock,
  Keep,
  LinkKind,
  Logger,
  MakeId,
  NewOperation,
  Producer,
  ReadQuery,
  Sink,
  Store,
  StoredPage,
  Watcher,
  Wire,
} from './ports.js';
export { PollLink, type PollOptions, type ResponseBody, StreamLink, createEventWire } from './request-links.js';
export type { ClusterChannel, ClusterReport, InspectQuery, Reached } from './cluster/cluster.js';
export type { NodeInfo } from './cluster/node-list.js';
export type { Change } from './publisher.js';
export { LeaseClock } from './state/lease-clock.js';
export { MemoryState, type StateSnapshot } from './state/memory-state.js';
export type { Mode, Modes } from './state/mode.js';
export type { LoadState, LoadedState } from './state/loaded-state.js';
export { unscoped as unscopedId } from './scoped-ids.js';
export { standardModes } from './state/replacing-mode.js';
export { downstreamBeats } from './completion.js';
export type { Session } from './session.js';
export type { Stats } from './stats.js';
export type { Visit, Visitor } from './visit.js';
export type { ChangeOptions, PublishOptions } from './publish-options.js';
