import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Supervision } from './demo.js';

/** Messages between the server's process and the one that starts it again. */
export type FromServer =
  | { readonly kind: 'listens'; readonly port: number }
  | { readonly kind: 'kill-me'; readonly id: string };
export interface FromSupervisor {
  readonly kind: 'answer';
  readonly id: string;
  /** 0: death comes a moment later. */
  readonly waitMs: number;
}

/** The supervisor of this process, if it has one. */
export function supervisionOf(child: NodeJS.Process): Supervision | undefined {
  if (!child.send) return undefined;
  return {
    askForDeath: async () => {
      const id = randomUUID();
      child.send!({ kind: 'kill-me', id } satisfies FromServer);
      for (;;) {
        const [message] = (await once(child, 'message')) as [FromSupervisor];
        if (message.id === id) return message.waitMs;
      }
    },
  };
}
