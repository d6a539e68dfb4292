import type { Batch, BatchDone } from './jobs.js';

export type ToWriter = Batch | 'close';

export type FromWriter =
  | { readonly done: BatchDone }
  | {
      readonly failed: {
        readonly message: string;
        readonly code: string | number | undefined;
        readonly name: string | undefined;
      };
    };
