import { expect, it } from 'vitest';
import * as api from './index.js';
import * as node from './node/index.js';

it('exports exactly these values', () => {
  expect(Object.keys(api).sort()).toEqual([
    'CLOSE_CODE',
    'ClientHandshake',
    'OPCODE',
    'SharedMessage',
    'WebSocketConnection',
    'WebSocketError',
    'acceptConnect',
    'acceptHandshake',
    'createConnectionSettings',
    'encodeFrame',
    'encodeTextFrame',
    'frameHeaderLength',
    'isWireCloseCode',
    'parseRequestHead',
    'writeFrameHeader',
  ]);
  expect(Object.keys(node).sort()).toEqual(['createNodePorts', 'openConnection']);
});
