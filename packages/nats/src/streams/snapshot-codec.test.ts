import { Buffer } from 'node:buffer';
import { redactionPayload } from '@longwave/protocol';
import { expect, it } from 'vitest';
import { Model } from './model.js';
import { cutRecord, encodeRecord, versionOf } from './record.js';
import { decodeSnapshot, encodeSnapshot } from './snapshot-codec.js';

const keep = { count: 100, bytes: 1e6, ageMs: 1e9 };

/** A checkpoint of a log of which one message may be redacted. */
function checkpointOf(isRedacted: boolean): Buffer {
  const model = new Model('e', 10);
  const redaction = { payload: redactionPayload({ offset: 1 }), redacts: { epoch: 'e', offset: 1 } };
  const appends = [{ payload: 'secret' }, ...(isRedacted ? [redaction] : [])];
  const record = { time: 1, keep, appends, ends: [] };
  const options = { leases: false, version: versionOf(record), maxBytes: 1000 };
  for (const { message } of cutRecord(encodeRecord(record), 'w', () => 1, options)) model.apply(1, message, 0);
  return Buffer.concat([...encodeSnapshot(model.snapshot())]);
}

it('RED-1: a checkpoint says that it has redactions, and one of a later format is refused', () => {
  const plain = checkpointOf(false);
  expect(plain.toString('latin1')).not.toContain('format');
  expect(decodeSnapshot(plain).log!.ops).toMatchObject([{ payload: 'secret' }]);
  const redacted = checkpointOf(true);
  const text = redacted.toString('latin1');
  expect(text).not.toContain('secret');
  expect(decodeSnapshot(redacted).log!.ops).toMatchObject([{ payload: '', kind: 'redacted' }, { kind: 'redact' }]);
  const later = Buffer.from(text.replace('"format":4', '"format":5'), 'latin1');
  expect(() => decodeSnapshot(later)).toThrow('A checkpoint has format 5, and this node knows none above 4');
});
