export {
  type KeptOutbox,
  type KeptOutboxOptions,
  type OutboxClient,
  type Unsent,
  openOutbox,
} from './persist/kept-outbox.js';
export type { KeptPublish, OutboxLocks, OutboxStorage } from './persist/outbox-storage.js';
