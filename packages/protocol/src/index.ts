export { type HistoryPage, type Message, type MessageMeta, toMessage } from './api/message.js';
export type { ChangeOptions, HistoryOptions, PublishOptions } from './api/options.js';
export type { Published } from './api/published.js';
export {
  type RedactOptions,
  type Redaction,
  type RedactionRequest,
  redactedOffset,
  redactedOperation,
  redactionPayload,
  toRedaction,
} from './api/redaction.js';
export {
  type CallContext,
  type CallDefinition,
  type CallInput,
  type CallOutput,
  type Calls,
  call,
  defineCalls,
  isCall,
} from './contract/calls.js';
export {
  type ClientCallDefinition,
  type ClientCallInput,
  type ClientCallOutput,
  type ClientCalls,
  type ClientHandlers,
  clientCall,
  defineClientCalls,
  isClientCall,
} from './contract/client-calls.js';
export type { ConnectionContext, ConnectionInfo } from './contract/connection.js';
export { type Advice, type Code, type Durability, type ResetReason, codeOfClose, codes, isCode } from './codes.js';
export { codeMessages } from './code-messages.js';
export { errorPage } from './error-page.js';
export {
  type ClientCodec,
  type Codec,
  type CodecName,
  type Encoded,
  Greeting,
  type ServerCodec,
  firstBytes,
  firstPrefix,
  firstSuffix,
  subprotocols,
} from './codec/codec.js';
export {
  createBinaryClientCodec,
  createClientCodec,
  createJsonClientCodec,
  createServerCodec,
} from './codec/create-codec.js';
export {
  type ChannelDefinition,
  type Channels,
  type DefinitionOf,
  type LogDefinition,
  type LogOptions,
  type MapDefinition,
  type MapOptions,
  type MessageInput,
  type MessageOutput,
  type MessageOutputOf,
  type NameOf,
  type PresenceOptions,
  type ResolvedPresence,
  type ResolvedRetention,
  type Retention,
  type RoomChannelDefinition,
  type StateBounds,
  type StateDefinition,
  type ValueDefinition,
  type ValueOptions,
  defineChannels,
  demandPrefix,
  inboxName,
  isLog,
  isRoom,
  log,
  map,
  presencePrefix,
  signal,
  value,
} from './contract/contract.js';
export { type DocDefinition, type DocOptions, doc } from './contract/document.js';
export { type Demand, sumDemand } from './contract/demand.js';
export { type OptionRule, type OptionRules, type RulesOf, checkOptions, option } from './values/check-options.js';
export { base64Decode, base64Encode } from './values/base64.js';
export { describeValue, isPlainObject } from './values/describe-value.js';
export { type Duration, readDuration, toMilliseconds } from './values/duration.js';
export { LongwaveError } from './error.js';
export { type EventReader, createEventReader, eventText, packEvent } from './codec/event-stream.js';
export {
  type Ack,
  type Answer,
  type Ask,
  type BadFrame,
  type Call,
  type ChangeKind,
  type Changes,
  type ClientFrame,
  type Connect,
  type Connected,
  type Done,
  type Enter,
  type ErrorFrame,
  type Exit,
  type Exited,
  type Goaway,
  type History,
  type Input,
  type MessageFrame,
  type Page,
  type Ping,
  type Pong,
  type Publish,
  type PublishKind,
  type ReceivedFrame,
  type Refresh,
  type Refuse,
  type Reply,
  type Reset,
  type ServerFrame,
  type Snapshot,
  type Subscribe,
  type Subscribed,
  type Top,
  type Track,
  type Unsubscribe,
  protocolVersion,
} from './codec/frames.js';
export { type BreakReason, type LogExtent, breakOf, continueEpoch, isOutdated, lastShared } from './epoch.js';
export { requireJson } from './values/json.js';
export { isTextTooDeep } from './values/json-depth.js';
export { maxInflight, wireLimits } from './limits.js';
export { mergePatch } from './views/merge-patch.js';
export {
  type Operation,
  type OperationKind,
  type Payload,
  Prepared,
  type ReceivedOperation,
  decodePayload,
  encodePayload,
  hasData,
  isRemoval,
  preparedBytes,
} from './codec/operation.js';
export { type ChannelName, type Params, isChannelName, matchPattern } from './contract/pattern.js';
export type { From, Position, ResetInfo } from './position.js';
export type { Entry, MapChange, Removal } from './state/entry.js';
export type { Member } from './state/member.js';
export type { Patch, PatchOf } from './state/patch.js';
export { readView } from './views/read-view.js';
export type { Carried, Received } from './contract/sayable.js';
export {
  type InputOf,
  type OutputOf,
  type Schema,
  type SchemaIssue,
  type SchemaResult,
  describeIssues,
} from './contract/schema.js';
export { isSchema } from './contract/is-schema.js';
export { isDefinition } from './contract/contract-rules.js';
export { splitFirst } from './codec/split-first.js';
export { isWellFormed, utf8Decode, utf8Encode, utf8Length } from './values/utf8.js';
export type { PathOf } from './views/path.js';
export {
  type Area,
  type Condition,
  type Count,
  type Scalar,
  type View,
  type ViewOf,
  type Where,
  canonicalView,
  viewTag,
} from './views/view.js';
export { EntryTable, type Replacement, type Update } from './state/entry-table.js';
