export { type StoreFixture, storeContract } from './store-contract.js';
export { transportContract } from './transport-contract.js';
export type {
  DownRequest,
  RequestPeer,
  TransportFixture,
  TransportPeer,
  TransportTraits,
  UpRequest,
} from './transport-fixture.js';
