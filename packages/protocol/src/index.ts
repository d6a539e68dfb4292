export {
  type CallContext,
  type CallDefinition,
  type CallInput,
  type CallOutput,
  type Calls,
  call,
  defineCalls,
  isCall,
} from './calls.js';
export { type Advice, type Code, type Durability, type ResetReason, codeOfClose, codes, isCode } from './codes.js';
export { codeMessages } from './code-messages.js';
export { type ClientCodec, type Codec, type CodecName, type Encoded, type ServerCodec, subprotocols } from './codec.js';
export {
  createBinaryClientCodec,
  createClientCodec,
  createJsonClientCodec,
  createServerCodec,
} from './create-codec.js';
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
  type NameOf,
  type PresenceOptions,
  type ResolvedPresence,
  type ResolvedRetention,
  type Retention,
  type StateBounds,
  type StateDefinition,
  type ValueDefinition,
  type ValueOptions,
  defineChannels,
  demandPrefix,
  inboxName,
  isLog,
  log,
  map,
  presencePrefix,
  signal,
  value,
} from './contract.js';
export { type Demand, sumDemand } from './demand.js';
export { type OptionRule, type OptionRules, type RulesOf, checkOptions, option } from './check-options.js';
export { describeValue, isPlainObject } from './describe-value.js';
export { type Duration, toMilliseconds } from './duration.js';
export { LongwaveError } from './error.js';
export { type EventReader, createEventReader, packEvent } from './event-stream.js';
export {
  type Ack,
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
  type Message,
  type Page,
  type Ping,
  type Pong,
  type Publish,
  type ReceivedFrame,
  type Refresh,
  type Reply,
  type Reset,
  type ServerFrame,
  type Subscribe,
  type Subscribed,
  type Top,
  type Track,
  type Unsubscribe,
  protocolVersion,
} from './frames.js';
export { breakOf, continueEpoch, isSuccessor, lastShared } from './epoch.js';
export { requireJson } from './json.js';
export { isTextTooDeep } from './json-depth.js';
export { maxInflight, wireLimits } from './limits.js';
export { mergePatch } from './merge-patch.js';
export {
  type Operation,
  type OperationKind,
  type Payload,
  Prepared,
  type ReceivedOperation,
  decodePayload,
  encodePayload,
  isRemoval,
} from './operation.js';
export { type ChannelName, type Params, isChannelName, matchPattern } from './pattern.js';
export type { From, Position } from './position.js';
export { readView } from './read-view.js';
export type { Carried, Received } from './sayable.js';
export {
  type InputOf,
  type OutputOf,
  type Schema,
  type SchemaIssue,
  type SchemaResult,
  describeIssues,
} from './schema.js';
export { isDefinition } from './contract-rules.js';
export { splitFirst } from './split-first.js';
export { isWellFormed, utf8Decode, utf8Encode, utf8Length } from './utf8.js';
export {
  type Area,
  type Condition,
  type Count,
  type Scalar,
  type View,
  type Where,
  canonicalView,
  viewTag,
} from './view.js';
