import type { Store } from '@longwave/core';
import { memory } from 'longwave';

/** Which store a node opens, and where it is. */
export type StoreChoice = { readonly kind: 'memory' };

/** In the process of the node. */
export function openStore(choice: StoreChoice): Store {
  switch (choice.kind) {
    case 'memory':
      return memory();
  }
}
