import { expect, it } from 'vitest';
import { PastRequests } from './past-requests.js';

const past = (serial: number, at: number, user = 'ada') => ({ serial, clientKey: `c${serial}`, user, at });

it('CALL-4: a request that is over leads to its client for a minute', () => {
  const requests = new PastRequests();
  requests.add(past(1, 0));
  requests.add(past(2, 59_000));
  expect([requests.find(1, 59_999)?.clientKey, requests.find(1, 60_000)]).toEqual(['c1', undefined]);
  // Another one comes: the first is too old and goes, the second stays.
  requests.add(past(3, 61_000));
  expect([1, 2, 3].map((serial) => requests.find(serial, 61_000)?.clientKey)).toEqual([undefined, 'c2', 'c3']);
  expect(requests.ofUser('ada', 59_000).map(({ serial }) => serial)).toEqual([2, 3]);
  expect(requests.ofUser('bob', 0)).toEqual([]);
});

it('of many the last five thousand do at least, and no more than ten thousand', () => {
  const requests = new PastRequests();
  for (let serial = 1; serial <= 100_000; serial++) requests.add(past(serial, 0));
  const known = requests.ofUser('ada', 0).map(({ serial }) => serial);
  expect(known.length).toBeLessThanOrEqual(10_000);
  expect(known.slice(-5000)).toEqual(Array.from({ length: 5000 }, (_, i) => 95_001 + i));
});
