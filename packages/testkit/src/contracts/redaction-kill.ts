import { type Operation, type ResolvedRetention, redactedOffset, redactionPayload } from '@longwave/protocol';
import type { Store } from '@longwave/core';
import { expect } from 'vitest';

const wide: ResolvedRetention = { count: 1e6, bytes: 1e9, ageMs: 1e12 };

/** Messages of a log that were redacted while a process was killed, and what was acknowledged. */
export interface RedactionOutcome {
  /** Texts of the messages, by offset. */
  readonly texts: Map<number, string>;
  /** Messages whose redaction was acknowledged. */
  readonly acked: Set<number>;
}

interface KillOptions {
  readonly channel: string;
  /** Messages that are stored and then redacted, at once. */
  readonly messages: number;
  /** When so many redactions were acknowledged, `kill` is called: at least 1, at most `messages`. */
  readonly killAfter: number;
  /** Kills the process of the store, or that of its server. */
  kill(): Promise<unknown>;
}

/** Adds to `outcome`. Resolves when the kill is done, and each redaction acknowledged or failed. */
export async function redactUntilKilled(
  store: Store,
  { texts, acked }: RedactionOutcome,
  { channel, messages, killAfter, kill }: KillOptions,
): Promise<void> {
  const appended = await Promise.all(
    Array.from({ length: messages }, async (_, i) => {
      const payload = `secret ${texts.size + i}`;
      return { payload, ...(await store.append(channel, { payload }, wide)) };
    }),
  );
  for (const { offset, payload } of appended) texts.set(offset, payload);
  let answered = 0;
  let killing: Promise<unknown> | undefined;
  // The second half follows when something of the first was stored: on a busy machine all of it could be one commit.
  let onFirst = (): void => {};
  const first = new Promise<void>((resolve) => (onFirst = resolve));
  await Promise.allSettled(
    appended.map(async ({ epoch, offset }, i) => {
      if (i >= messages / 2) await first;
      const payload = redactionPayload({ offset });
      await store.append(channel, { payload, redacts: { epoch, offset } }, wide);
      acked.add(offset);
      onFirst();
      if (++answered === killAfter) killing = kill();
    }),
  );
  await killing;
}

/** RED-1: each message has its place, those whose redaction was acknowledged without data, and no redaction is half done. */
export function expectRedacted(ops: readonly Operation[], { texts, acked }: RedactionOutcome): void {
  const targets = ops.filter(({ kind }) => kind === 'redact').map(redactedOffset);
  const redacted = ops.filter(({ kind }) => kind === 'redacted').map(({ offset }) => offset);
  expect(targets.toSorted((a, b) => a - b)).toEqual(redacted);
  expect([...acked].filter((offset) => !redacted.includes(offset))).toEqual([]);
  const messages = ops.filter(({ kind }) => kind !== 'redact');
  expect(messages.map(({ offset }) => offset)).toEqual([...texts.keys()].toSorted((a, b) => a - b));
  for (const { offset, kind, payload } of messages) {
    expect(payload).toBe(kind === 'redacted' ? '' : texts.get(offset));
  }
}
