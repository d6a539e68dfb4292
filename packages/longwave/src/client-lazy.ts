// `longwave/client/lazy`: its types are those of client.ts, its values the same but for `connect`, which loads parts when they are used.
export {
  binaryCodec,
  callChecks,
  fetchRequest,
  messageStore,
  pollTransport,
  streamTransport,
  webSocketTransport,
} from '@longwave/client';
export { connect } from '@longwave/client/lazy';
export { LongwaveError } from '@longwave/protocol/client';
