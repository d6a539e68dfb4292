import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClientFrame, ReceivedFrame, ServerFrame } from './frames.js';
import type { CodecName } from './codec.js';
import { createClientCodec, createServerCodec } from './create-codec.js';
import type { View } from '../views/view.js';
import { codes, durabilities, resetReasons } from '../codes.js';
import { encodePayload, hasData, operationKinds } from './operation.js';
import { type Field, type Shape, clientShapes, serverShapes } from './shapes.js';

const names: readonly CodecName[] = ['json', 'binary'];
const text = (max: number) =>
  fc.string({ unit: 'grapheme', maxLength: Math.min(max, 40) }).filter((s) => s.length <= max);
// -0 has no JSON form; everything else of JSON has one.
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const data = fc.oneof({ weight: 4, arbitrary: json }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) });
const operation = fc
  .record(
    {
      ...{ data, time: fc.nat({ max: 2 ** 45 }), id: text(128), user: text(20) },
      ...{ key: text(256).filter(Boolean), version: fc.nat(), kind: fc.constantFrom(...operationKinds.slice(1)) },
    },
    { requiredKeys: ['data', 'time', 'version'] },
  )
  .map((op) => (hasData(op.kind) ? op : { ...op, data: undefined }));

const unversioned = operation.map((op) => ({ ...op, version: undefined }));

const views: readonly View[] = [
  {},
  { keys: ['a', 'é'], rate: 4 },
  { where: { 'a.b': { gte: 2 }, tags: { has: 'x' } }, area: { at: ['x', 'y'], box: [0, 0, 1.5, 2], margin: 0 } },
];

function fieldArbitrary(field: Field, versioned: boolean): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'uint':
      return fc.maxSafeNat();
    case 'text':
      return text(field.max);
    case 'name':
      return fc.constantFrom(...field.names);
    case 'flag':
      return fc.constant(true);
    case 'data':
      return data;
    case 'json':
      return field.name === 'keep' ? fc.array(text(20), { maxLength: 5 }) : fc.constantFrom(...views);
    case 'ops':
      return versioned ? fc.array(operation, { maxLength: 5 }) : fc.array(unversioned, { maxLength: 5 });
  }
}

function frameArbitrary(shapes: ReadonlyMap<string, Shape>): fc.Arbitrary<Record<string, unknown>> {
  return fc.constantFrom(...shapes.values()).chain(({ type, fields }) => {
    const model: Record<string, fc.Arbitrary<unknown>> = { type: fc.constant(type) };
    for (const field of fields) model[field.name] = fieldArbitrary(field, type === 'changes');
    const required = fields.filter(({ optional }) => !optional).map(({ name }) => name);
    return fc.record(model, { requiredKeys: ['type', ...required] });
  });
}

/** What a store would hold for a received operation. */
function stored(frame: Record<string, unknown>): ServerFrame {
  const ops = frame['ops'] as { data: unknown; version?: number }[] | undefined;
  if (!ops) return frame as unknown as ServerFrame;
  return {
    ...frame,
    ops: ops.map(({ data: value, version, ...rest }) => ({
      ...rest,
      offset: version ?? 0,
      payload: encodePayload(value),
    })),
  } as unknown as ServerFrame;
}

describe.each(names)('%s codec', (name) => {
  const client = createClientCodec(name);
  const server = createServerCodec(name);

  it('WIRE-5: every client frame comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(frameArbitrary(clientShapes), { minLength: 1, maxLength: 5 }), (frames) => {
        const message = client.join(frames.map((frame) => client.encode(frame as unknown as ClientFrame)));
        expect(server.decode(message)).toEqual(frames);
      }),
    );
  });

  it('WIRE-5: every server frame comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(frameArbitrary(serverShapes), { minLength: 1, maxLength: 5 }), (frames) => {
        const message = server.join(frames.map((frame) => server.encode(stored(frame))));
        expect(client.decode(message)).toEqual(frames);
      }),
    );
  });

  it('never throws, and gives frames or bad frames for whatever comes', () => {
    const message = name === 'json' ? fc.oneof(fc.string(), fc.json()) : fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(message, (bytes) => {
        for (const frame of server.decode(bytes)) expect(typeof frame.type).toBe('string');
        client.decode(bytes);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never throws on a message with a few bytes changed', () => {
    const bytesOf = (message: string | Uint8Array) =>
      typeof message === 'string' ? Buffer.from(message) : Uint8Array.from(message);
    fc.assert(
      fc.property(
        frameArbitrary(serverShapes),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 }),
        (frame, changes) => {
          const bytes = bytesOf(server.encode(stored(frame)));
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          client.decode(name === 'json' ? Buffer.from(bytes).toString() : bytes);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('a message of the other kind is a bad frame', () => {
    expect(server.decode(name === 'json' ? new Uint8Array(3) : '{}')).toMatchObject([{ type: 'bad' }]);
  });
});

describe('json codec', () => {
  const server = createServerCodec('json');
  const client = createClientCodec('json');

  it('WIRE-3: is one JSON object a line, data as it is, bytes as base64', () => {
    const op = { offset: 7, time: 5, payload: '{"text":"hi"}', user: 'ada' };
    const bytes = { offset: 8, time: 6, payload: Uint8Array.of(1, 2, 3) };
    const message = server.encode({ type: 'message', channel: 'chat/a', epoch: 'e', offset: 7, ops: [op, bytes] });
    expect(message).toBe(
      '{"type":"message","channel":"chat/a","epoch":"e","offset":7,"ops":[{"data":{"text":"hi"},"time":5,"user":"ada"},{"bytes":"AQID","time":6}]}',
    );
    expect(server.join([server.encode({ type: 'ping' }), server.encode({ type: 'done', id: 1 })])).toBe(
      '{"type":"ping"}\n{"type":"done","id":1}',
    );
  });

  it('WIRE-16: an operation has data unless it removes, and a key, a kind and a version where it has them', () => {
    const put = { offset: 7, time: 5, payload: '1', key: 'a', kind: 'put', id: 'i' } as const;
    const gone = { offset: 8, time: 6, payload: '', key: 'b', kind: 'delete' } as const;
    const position = { channel: 'board', epoch: 'e', after: 6, offset: 8 };
    expect(server.encode({ type: 'changes', ...position, ops: [put, gone] })).toContain(
      '"ops":[{"data":1,"time":5,"key":"a","version":7,"id":"i"},{"time":6,"key":"b","kind":"delete","version":8}]',
    );
  });

  it('WIRE-3: unknown fields are ignored and go no further', () => {
    const [frame] = server.decode(
      '{"type":"unsubscribe","id":1,"channel":"a","extra":1,"__proto__":{"polluted":true}}',
    );
    expect(frame).toEqual({ type: 'unsubscribe', id: 1, channel: 'a' });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    ['not an object', '[]'],
    ['no type', '{"id":3}'],
    ['unknown type', '{"type":"x","id":3}'],
    ['a field missing', '{"type":"unsubscribe","id":3}'],
    ['a field of the wrong kind', '{"type":"unsubscribe","id":3,"channel":5}'],
    ['a negative number', '{"type":"unsubscribe","id":-3,"channel":"a"}'],
    ['a text too long', `{"type":"unsubscribe","id":3,"channel":"${'x'.repeat(201)}"}`],
    ['no data', '{"type":"call","id":3,"method":"m"}'],
    ['broken base64', '{"type":"call","id":3,"method":"m","bytes":"?"}'],
    ['a frame of the other direction', '{"type":"done","id":3}'],
  ])('refuses %s', (_, line) => {
    expect(server.decode(line)).toMatchObject([{ type: 'bad' }]);
  });

  it('tells the id of a bad request where it can', () => {
    expect(server.decode('{"type":"publish","id":9}')).toMatchObject([{ type: 'bad', id: 9 }]);
  });

  it('keeps a payload with line breaks on one line', () => {
    const payload = encodePayload({ text: 'a\nb\u2028c' }) as string;
    const message = server.encode({
      type: 'message',
      channel: 'a',
      epoch: 'e',
      offset: 1,
      ops: [{ offset: 1, time: 1, payload }],
    });
    expect(message).not.toContain('\n');
    expect(client.decode(message)).toMatchObject([{ ops: [{ data: { text: 'a\nb\u2028c' } }] }]);
  });
});

describe('binary codec, what is written another way', () => {
  it('WIRE-13: bytes behind the last field are ignored, and of the byte in front of data all bits but the lowest', () => {
    const server = createServerCodec('binary');
    expect(server.decode(Uint8Array.of(4, 8, 1, 2, 3, 1, 9))).toEqual([{ type: 'ping' }, { type: 'pong' }]);
    const call = (kind: number) => Uint8Array.of(7, 5, 7, 1, 109, kind, 1, 49);
    expect(server.decode(call(2))).toEqual([{ type: 'call', id: 7, method: 'm', data: 1 }]);
    expect(server.decode(call(3))).toEqual([{ type: 'call', id: 7, method: 'm', data: Uint8Array.of(49) }]);
  });
});

describe('json codec, what is written another way', () => {
  it('WIRE-11: a flag is true or absent, and null is no value of any field but data', () => {
    const server = createServerCodec('json');
    const frame = (fields: object) => JSON.stringify({ type: 'enter', id: 3, channel: 'a', data: null, ...fields });
    expect(server.decode(frame({ away: true }))).toMatchObject([{ type: 'enter', data: null, away: true }]);
    for (const fields of [{ away: false }, { away: null }, { channel: null }]) {
      expect(server.decode(frame(fields))).toMatchObject([{ type: 'bad', id: 3, code: 'bad-frame' }]);
    }
  });
});

describe('binary codec', () => {
  const client = createClientCodec('binary');

  it('WIRE-4, WIRE-14: writes length, type, options, fields', () => {
    expect([...(client.encode({ type: 'ping' }) as Uint8Array)]).toEqual([1, 8]);
    expect([...(client.encode({ type: 'subscribe', id: 300, channel: 'ab', last: 5 }) as Uint8Array)]).toEqual([
      8, 2, 0b100, 0xac, 0x02, 2, 97, 98, 5,
    ]);
  });

  it('WIRE-15: writes operations with the difference of their times', () => {
    const server = createServerCodec('binary');
    const ops = [
      { offset: 1, time: 100, payload: '1' },
      { offset: 2, time: 99, payload: Uint8Array.of(9), id: 'i', user: 'u' },
    ];
    expect([...(server.encode({ type: 'message', channel: 'a', epoch: 'e', offset: 1, ops }) as Uint8Array)]).toEqual([
      20, 36, 1, 97, 1, 101, 1, 2, 0, 0xc8, 0x01, 1, 49, 7, 1, 1, 105, 1, 117, 1, 9,
    ]);
  });

  it('a length beyond the message is one bad frame, and what came before it is kept', () => {
    const message = Uint8Array.of(1, 8, 200, 1, 8);
    expect(createServerCodec('binary').decode(message)).toMatchObject([{ type: 'ping' }, { type: 'bad' }]);
  });

  it('a count that the bytes do not cover allocates nothing', () => {
    // message, channel 'a', epoch 'e', offset 1, 2^40 operations.
    const body = [36, 1, 97, 1, 101, 1, 128, 128, 128, 128, 128, 32];
    expect(createClientCodec('binary').decode(Uint8Array.of(body.length, ...body))).toMatchObject([{ type: 'bad' }]);
  });
});

describe('the tables', () => {
  it('use every type byte once', () => {
    const all = [...clientShapes.values(), ...serverShapes.values()];
    const distinct = new Map(all.map(({ code, type }) => [code, type]));
    for (const { code, type } of all) expect(distinct.get(code)).toBe(type);
  });

  it('a frame has at most 7 optional fields: they share one byte', () => {
    for (const { fields } of [...clientShapes.values(), ...serverShapes.values()]) {
      expect(fields.filter(({ optional }) => optional).length).toBeLessThanOrEqual(7);
    }
  });

  it('ERR-1: close codes are in the private range and distinct', () => {
    const closes = Object.values(codes).map(({ close }) => close);
    expect(new Set(closes).size).toBe(closes.length);
    for (const close of closes) expect(close >= 4000 && close <= 4999).toBe(true);
  });

  it('resets and durabilities keep their place: it is their byte on the wire', () => {
    expect(resetReasons).toEqual(['trimmed', 'epoch-changed', 'truncated', 'revoked']);
    expect(durabilities).toEqual(['memory', 'disk', 'replicated']);
  });

  it('received frames are typed by their type', () => {
    const [frame] = createClientCodec('json').decode(
      '{"type":"ack","id":1,"epoch":"e","offset":2,"durability":"memory"}',
    ) as [ReceivedFrame];
    if (frame.type === 'ack') expect(frame.offset).toBe(2);
    else expect.unreachable();
  });
});
