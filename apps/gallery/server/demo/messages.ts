import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Supervision } from './demo.js';

/** Set in a spare process, which loads its code and waits for `begin`. */
export const spareVariable = 'GALLERY_SPARE';

/** Messages of the server's process to the one that replaces it. */
export type FromServer =
  | { readonly kind: 'listens'; readonly port: number }
  | { readonly kind: 'may-be-killed' }
  | { readonly kind: 'kill-me'; readonly id: string };

export type FromSupervisor =
  /** The spare is the server from now on. */
  | { readonly kind: 'begin' }
  /** 0: death comes a moment later. */
  | { readonly kind: 'answer'; readonly id: string; readonly waitMs: number };

/** The supervisor of this process, if it has one. */
export function supervisionOf(child: NodeJS.Process): Supervision | undefined {
  if (!child.send) return undefined;
  const tell = (message: FromServer): void => void child.send!(message);
  return {
    prepare: () => tell({ kind: 'may-be-killed' }),
    askForDeath: async () => {
      const id = randomUUID();
      tell({ kind: 'kill-me', id });
      for (;;) {
        const message = await nextMessage(child);
        if (message.kind === 'answer' && message.id === id) return message.waitMs;
      }
    },
  };
}

/** Resolves when a spare process is to be the server. At once in one that is none. */
export async function untilNeeded(child: NodeJS.Process): Promise<void> {
  if (child.env[spareVariable] !== '1') return;
  while ((await nextMessage(child)).kind !== 'begin');
}

async function nextMessage(child: NodeJS.Process): Promise<FromSupervisor> {
  const [message] = (await once(child, 'message')) as [FromSupervisor];
  return message;
}
