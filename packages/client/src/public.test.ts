import { expect, it } from 'vitest';
import * as client from './index.js';

it('exports what it promises, and nothing else', () => {
  expect(Object.keys(client).sort()).toEqual([
    'binaryCodec',
    'connect',
    'fetchRequest',
    'messageStore',
    'pollTransport',
    'streamTransport',
    'webSocketTransport',
  ]);
});
