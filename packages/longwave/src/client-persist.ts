export {
  type KeptOutbox,
  type KeptOutboxOptions,
  type KeptPublish,
  type OutboxClient,
  type OutboxLocks,
  type OutboxStorage,
  type Unsent,
  openOutbox,
} from '@longwave/client/persist';
