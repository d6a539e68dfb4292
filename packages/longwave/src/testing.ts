export type { TestClientOptions, TestWorldOptions } from './test-world/options.js';
export { type TestWorld, createTestWorld } from './test-world/test-world.js';
export type { Breakage } from '@longwave/testkit/virtual';
export type { TestNode, TestServer } from './test-world/world-node.js';
