export { documentContract } from './document-contract.js';
export { producerContract } from './producer-contract.js';
export { type RedactionOutcome, expectRedacted, redactUntilKilled } from './redaction-kill.js';
export { storeContract } from './store-contract.js';
export type { StoreFixture } from './store-fixture.js';
export { transportContract } from './transport-contract.js';
export type {
  DownRequest,
  RequestPeer,
  TransportFixture,
  TransportPeer,
  TransportTraits,
  UpRequest,
} from './transport-fixture.js';
