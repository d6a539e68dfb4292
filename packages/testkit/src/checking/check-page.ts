import { encodePayload } from '@longwave/protocol';
import type { HistoryOptions, HistoryPage } from '@longwave/client';
import type { Checker } from './checker.js';
import type { Ledger } from './ledger.js';
import type { Retained } from './subscription-monitor.js';
import { payloadKey } from './ledger.js';

export interface PageContext {
  readonly checker: Checker;
  readonly ledger: Ledger;
  readonly subject: string;
  readonly channel: string;
  readonly query: HistoryOptions;
  /** The bounds of the log when the page was asked for. */
  readonly asked: Retained;
  /** Virtual time then. */
  readonly askedAt: number;
}

/** HIS-1: a page is a contiguous piece of the log, and the piece that was asked for. Data that was taken before is not in it (RED-1). */
export function checkPage(context: PageContext, page: HistoryPage<unknown>): void {
  const { checker, ledger, subject, channel, query, asked, askedAt } = context;
  const { messages, floor, top, epoch } = page;
  const expect = (holds: boolean, what: string): void => {
    checker.expect(holds, 'history', subject, () => `${what}: ${JSON.stringify({ query, floor, top })}`);
  };
  if (epoch === asked.epoch) expect(top >= asked.top && floor >= asked.floor, 'an old state of the log');
  expect(page.last - page.first < (query.limit ?? 100), 'more than was asked for');
  const covered = Array.from({ length: page.last - page.first + 1 }, (_, i) => page.first + i);
  const due = covered.filter((offset) => ledger.entry(epoch, channel, offset)?.redacts === undefined);
  expect(messages.map(({ meta }) => meta.offset).join() === due.join(), 'not contiguous');
  for (const { data, meta } of messages) {
    const entry = ledger.entry(epoch, channel, meta.offset);
    const { redactedAt = Infinity } = entry ?? {};
    const isGone = data === undefined && redactedAt < Infinity;
    const isStored = entry !== undefined && payloadKey(entry.payload) === payloadKey(encodePayload(data));
    expect(meta.redacted ? isGone : isStored, 'not what was stored');
    checker.expect(meta.redacted || redactedAt >= askedAt, 'redaction', subject, () => {
      return `a page has the data of ${meta.offset}, which was taken before it was asked for`;
    });
  }
  const isEmpty = covered.length === 0;
  const first = isEmpty ? undefined : page.first;
  const last = isEmpty ? undefined : page.last;
  if (query.after !== undefined) {
    const start = Math.max(floor, query.after) + 1;
    expect(first === (start <= top ? start : undefined), 'not what comes after');
  } else {
    const end = Math.min(top, (query.before ?? Infinity) - 1);
    expect(last === (end > floor ? end : undefined), 'not what comes before');
  }
}
