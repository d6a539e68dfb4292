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
}

/** HIS-1: a page is a contiguous piece of the log, and the piece that was asked for. */
export function checkPage(context: PageContext, page: HistoryPage<unknown>): void {
  const { checker, ledger, subject, channel, query, asked } = context;
  const { messages, floor, top, epoch } = page;
  const expect = (holds: boolean, what: string): void => {
    checker.expect(holds, 'history', subject, () => `${what}: ${JSON.stringify({ query, floor, top })}`);
  };
  if (epoch === asked.epoch) expect(top >= asked.top && floor >= asked.floor, 'an old state of the log');
  expect(messages.length <= (query.limit ?? 100), 'more than was asked for');
  messages.forEach(({ data, meta }, i) => {
    const entry = ledger.entry(epoch, channel, meta.offset);
    expect(meta.offset === messages[0]!.meta.offset + i, 'not contiguous');
    expect(entry !== undefined && payloadKey(entry.payload) === payloadKey(encodePayload(data)), 'not what was stored');
  });
  const first = messages[0]?.meta.offset;
  const last = messages.at(-1)?.meta.offset;
  if (query.after !== undefined) {
    const start = Math.max(floor, query.after) + 1;
    expect(first === (start <= top ? start : undefined), 'not what comes after');
  } else {
    const end = Math.min(top, (query.before ?? Infinity) - 1);
    expect(last === (end > floor ? end : undefined), 'not what comes before');
  }
}
