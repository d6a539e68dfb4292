export { type Action, type Authority, type ConnectionInfo, type Identity, openAuthority } from './authority.js';
export type { ConnectionContext, Hooks, PublishContext } from './hooks.js';
export { Engine, type EngineOptions, type PublishOptions } from './engine.js';
export { type Limits, defaultLimits } from './limits.js';
export type { MaybePromise } from './maybe-promise.js';
export { MemoryStore, type MemoryStoreOptions } from './memory-store.js';
export type {
  Announce,
  Appended,
  Bounds,
  CancelTimer,
  Clock,
  LinkKind,
  Logger,
  MakeId,
  NewOperation,
  Producer,
  ReadQuery,
  Sink,
  Store,
  StoredPage,
  Wire,
} from './ports.js';
export { PollLink, type PollOptions, type ResponseBody, StreamLink, createEventWire } from './request-links.js';
export { downstreamBeats, type Session } from './session.js';
export type { Stats } from './stats.js';
export type { Visit, Visitor } from './visit.js';
