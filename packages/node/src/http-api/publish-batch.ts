import type { Engine } from '@longwave/core';
import { type Code, wireLimits } from '@longwave/protocol';
import { type MessageInput, messageInput, objectOf, textField } from './message-input.js';
import type { PublishedBody } from './published-body.js';
import { HttpProblem, errorDetail, problemOf } from '../http/problem.js';

/** Messages in one batch. */
export const maxBatch = 1000;

interface BatchItem extends MessageInput {
  readonly channel: string;
}

export type BatchResult =
  | (Omit<PublishedBody, 'durability'> & { readonly status: 'stored' })
  | { readonly status: 'failed'; readonly error: { readonly code: Code; readonly message: string } };

/** The whole request is refused when one of its messages is malformed: then nothing was stored. */
export function batchItems(body: unknown): readonly BatchItem[] {
  const { messages } = objectOf(body, 'The body');
  if (!Array.isArray(messages) || messages.length === 0) {
    throw new HttpProblem('bad-frame', 'messages must be an array of at least one message.');
  }
  if (messages.length > maxBatch) {
    throw new HttpProblem('too-many', `A batch may have ${maxBatch} messages, not ${messages.length}.`);
  }
  return messages.map((value: unknown, index) => {
    const what = `messages[${index}]`;
    const fields = objectOf(value, what);
    const channel = textField(fields, 'channel', wireLimits.channelLength, what);
    if (channel === undefined) throw new HttpProblem('bad-frame', `${what}.channel is missing.`);
    return { channel, ...messageInput(fields, what) };
  });
}

/**
 * Stores each message that can be stored. Messages of one channel are stored in order, one after the other; a message
 * that fails does not stop the later ones.
 */
export async function publishBatch(
  engine: Engine,
  items: readonly BatchItem[],
  failed: (error: unknown) => void,
): Promise<readonly BatchResult[]> {
  const results: BatchResult[] = [];
  const byChannel = new Map<string, number[]>();
  for (const [index, { channel }] of items.entries()) {
    const indexes = byChannel.get(channel);
    if (indexes) indexes.push(index);
    else byChannel.set(channel, [index]);
  }
  const publishAll = async (indexes: readonly number[]): Promise<void> => {
    for (const index of indexes) {
      const { channel, data, options } = items[index]!;
      try {
        const { position, duplicate } = await engine.publish(channel, data, options);
        results[index] = { status: 'stored', ...position, duplicate };
      } catch (error) {
        const problem = problemOf(error);
        if (!problem) failed(error);
        results[index] = { status: 'failed', error: errorDetail(problem ?? new HttpProblem('internal')) };
      }
    }
  };
  await Promise.all([...byChannel.values()].map(publishAll));
  return results;
}
