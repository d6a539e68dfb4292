import { expect, it } from 'vitest';
import { LinkInfo } from './link-info.js';

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
