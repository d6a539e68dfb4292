export { type StoreFixture, storeContract } from './store-contract.js';
export { type TransportFixture, type TransportPeer, transportContract } from './transport-contract.js';
