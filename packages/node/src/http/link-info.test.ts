import { expect, it } from 'vitest';
import { LinkInfo } from './link-info.js';
import { forwardedAddress } from './remote-address.js';

it('asks for the address when somebody wants to know, and remembers it', () => {
  let asked = 0;
  const end: { remoteAddress?: string | undefined } = {
    get remoteAddress() {
      asked++;
      return asked === 1 ? '192.0.2.1' : undefined;
    },
  };
  const info = new LinkInfo('websocket', { cookie: 'a=b' }, end);
  expect(asked).toBe(0);
  expect(info.remoteAddress).toBe('192.0.2.1');
  const kept = info.withoutHeaders();
  expect([kept.transport, kept.headers, kept.remoteAddress, asked]).toEqual(['websocket', {}, '192.0.2.1', 1]);
});

it('keeps the parameters of the client, and the address that a proxy told', () => {
  const info = new LinkInfo('poll', { 'x-forwarded-for': '192.0.2.9' }, {}, 1).withParams({ device: 'phone' });
  expect([info.headers['x-forwarded-for'], info.params]).toEqual(['192.0.2.9', { device: 'phone' }]);
  const kept = info.withoutHeaders();
  expect([kept.headers, kept.remoteAddress, kept.params]).toEqual([{}, '192.0.2.9', { device: 'phone' }]);
});

it.each<readonly [string | string[] | undefined, number, string | undefined]>([
  [undefined, 1, undefined],
  ['192.0.2.9', 0, undefined],
  ['192.0.2.9', 1, '192.0.2.9'],
  ['made up, 192.0.2.9', 1, '192.0.2.9'],
  ['made up, 192.0.2.9, 10.0.0.1', 2, '192.0.2.9'],
  ['192.0.2.9', 2, undefined],
  [['made up', '192.0.2.9:5000'], 1, '192.0.2.9'],
  ['[2001:db8::1]:5000', 1, '2001:db8::1'],
  ['2001:db8::1', 1, '2001:db8::1'],
  ['', 1, undefined],
])('LIM-3, HTTP-8: of X-Forwarded-For %j behind %i proxies the address is %s', (header, proxies, address) => {
  const headers = { 'x-forwarded-for': header };
  expect(forwardedAddress(headers, proxies)).toBe(address);
  const info = new LinkInfo('websocket', headers, { remoteAddress: '10.0.0.9' }, proxies);
  expect(info.withoutHeaders().remoteAddress).toBe(address ?? '10.0.0.9');
});
