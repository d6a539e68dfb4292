import { type Durability, codes, wireLimits } from '@longwave/protocol';
import { pageSize } from '../../readers/history-pages.js';
import { maxBatch } from '../publish-batch.js';

/** A JSON Schema (2020-12), as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

const durabilities: readonly Durability[] = ['memory', 'disk', 'replicated'];
const count = { type: 'integer', minimum: 0 };
const offset = { type: 'integer', minimum: 1, description: "The message's place in the log; counts from 1." };
const epoch = { type: 'string', description: 'Names the log: offsets of different epochs cannot be compared.' };
const duplicate = {
  type: 'boolean',
  description: 'True: it had been stored before, at this position, and was not stored again.',
};
const durability = { enum: durabilities, description: 'What the stored message survives.' };

/** Says that nothing else is in the object. Answers are held to it by tests; it binds no client. */
function object(properties: Readonly<Record<string, unknown>>, optional: readonly string[] = []): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

const documentSize = object({
  bytes: { ...count, description: 'All that is read to open it.' },
  snapshotBytes: { ...count, description: 'Of these, what the last compaction made.' },
  updates: { ...count, description: 'Since then.' },
});

const messageFields = {
  data: { description: 'Any JSON value. The schema of the channel is applied to it.' },
  bytes: { type: 'string', contentEncoding: 'base64', description: 'Bytes, instead of data.' },
  id: {
    type: 'string',
    minLength: 1,
    maxLength: wireLimits.messageIdLength,
    description: 'Publishing the same id again, in the name of the same user, stores nothing.',
  },
  user: {
    type: 'string',
    minLength: 1,
    maxLength: wireLimits.tokenLength,
    description: 'The user in whose name it is published.',
  },
  retry: {
    type: 'boolean',
    description:
      'Set it on a repetition: one too old to tell is then refused with too-old, not stored twice. Needs an id.',
  },
};

const version = { type: 'integer', minimum: 1, description: 'Rises with each change; to be given to expect.' };
const conditions = {
  expect: {
    type: 'integer',
    minimum: 0,
    description: 'The version the entry must have, 0 for none: otherwise conflict, and nothing is stored.',
  },
  ttlMs: {
    type: 'integer',
    minimum: 1,
    description: 'The entry expires so many milliseconds after this change, unless it is changed again.',
  },
};

const floor = { type: 'integer', minimum: 0, description: 'The oldest retained message has the offset floor + 1.' };
const top = {
  type: 'integer',
  minimum: 0,
  description: 'The offset of the newest message; 0 when there never was one.',
};
const link = { type: 'string', description: 'Relative to this document (RFC 3986).' };
const storedMessage = object(
  {
    offset,
    time: { type: 'integer', description: 'When it was stored: milliseconds since the Unix epoch.' },
    id: { type: 'string' },
    user: { type: 'string' },
    data: { description: 'Any JSON value.' },
    bytes: { type: 'string', contentEncoding: 'base64' },
    redacted: { const: true, description: 'Its data was taken: there is neither data nor bytes.' },
    redact: {
      ...object({ offset, reason: { type: 'string' } }, ['reason']),
      description: 'It is no message, but took the data of the one with this offset.',
    },
  },
  ['id', 'user', 'data', 'bytes', 'redacted', 'redact'],
);

const entry = {
  version,
  time: { type: 'integer', description: 'When it was last changed: milliseconds since the Unix epoch.' },
  user: { type: 'string', description: 'In whose name it was.' },
  data: { description: 'Any JSON value.' },
  bytes: { type: 'string', contentEncoding: 'base64' },
};
const key = { type: 'string', minLength: 1, maxLength: wireLimits.keyLength };
const stateTop = { ...top, description: 'The version of the newest change; 0 when there never was one.' };
const next = { ...key, description: 'There are more: give it to after.' };
const optionalOfEntry = ['user', 'data', 'bytes'];

const eitherData = { oneOf: [{ required: ['data'] }, { required: ['bytes'] }] };

export const schemas: Readonly<Record<string, JsonSchema>> = {
  NewMessage: { type: 'object', properties: messageFields, ...eitherData },
  Batch: {
    type: 'object',
    required: ['messages'],
    properties: {
      messages: {
        type: 'array',
        minItems: 1,
        maxItems: maxBatch,
        items: {
          type: 'object',
          properties: {
            channel: { type: 'string', minLength: 1, maxLength: wireLimits.channelLength },
            ...messageFields,
          },
          required: ['channel'],
          ...eitherData,
        },
      },
    },
  },
  Published: object({ epoch, offset, duplicate, durability }),
  BatchResult: object({
    stored: { type: 'integer', minimum: 0 },
    failed: { type: 'integer', minimum: 0 },
    durability,
    results: {
      type: 'array',
      description: 'One for each message, in their order.',
      items: {
        oneOf: [
          object({ status: { const: 'stored' }, epoch, offset, duplicate }),
          object({ status: { const: 'failed' }, error: ref('ErrorDetail') }),
        ],
      },
    },
  }),
  Page: object({
    epoch,
    floor,
    top,
    messages: {
      type: 'array',
      description:
        'In the order of the log, without gaps. Fewer than limit when they would take more than about 1 MiB.',
      items: storedMessage,
    },
  }),
  NewValue: {
    type: 'object',
    properties: {
      ...messageFields,
      id: {
        ...messageFields.id,
        description:
          'The same id again, in the name of the same user, stores nothing while it is the last of its entry.',
      },
      ...conditions,
    },
    ...eitherData,
  },
  Changed: object({
    epoch,
    offset: { type: 'integer', minimum: 0, description: "The entry's version from now on." },
    duplicate: {
      type: 'boolean',
      description: 'True: nothing was stored, as it had been before, at this offset, or there was nothing to delete.',
    },
    durability,
  }),
  Entries: object(
    {
      epoch,
      top: stateTop,
      entries: {
        type: 'array',
        description:
          'In the order of their keys (UTF-16 units). Fewer than limit when they would take more than about 1 MiB.',
        items: object({ key, ...entry }, optionalOfEntry),
      },
      next,
    },
    ['next'],
  ),
  Members: object(
    {
      epoch,
      top: stateTop,
      members: {
        type: 'array',
        description: 'In the order of their keys. Fewer than limit when they would take more than about 1 MiB.',
        items: object(
          {
            key,
            version,
            time: { type: 'integer', description: 'When it last changed: milliseconds since the Unix epoch.' },
            user: { type: 'string' },
            data: { description: 'What they say of themselves.' },
            away: { type: 'boolean', description: 'They are there, but do not look.' },
          },
          ['user'],
        ),
      },
      next,
    },
    ['next'],
  ),
  Entry: object({ epoch, key, ...entry }, optionalOfEntry),
  Value: object({ epoch, ...entry }, optionalOfEntry),
  Bounds: object({
    epoch,
    floor,
    top,
    pageSize: { const: pageSize, description: 'Offsets in a page.' },
    links: object({ oldest: link, newest: link, events: link }),
  }),
  FixedPage: object({
    epoch,
    first: { type: 'integer', minimum: 1 },
    complete: { type: 'boolean', description: 'All of its messages are there: it will not change.' },
    links: object({ previous: link, next: link }, ['previous', 'next']),
    messages: { type: 'array', maxItems: pageSize, items: storedMessage },
  }),
  Compacted: object({ compacted: { type: 'boolean' } }),
  DocumentSize: documentSize,
  NewVersion: {
    type: 'object',
    properties: { name: { type: 'string', minLength: 1, maxLength: 200 }, user: messageFields.user },
    required: ['name'],
  },
  DocumentVersion: object(
    {
      id: { type: 'string', pattern: '^[1-9][0-9]*$', description: 'A number; later versions have higher ones.' },
      name: { type: 'string', description: 'Of one that somebody asked for.' },
      user: { type: 'string', description: 'Who asked for it.' },
      time: { ...count, description: 'Milliseconds since the Unix epoch.' },
      epoch,
      offset: { ...count, description: 'Of the newest update that it has.' },
      bytes: count,
    },
    ['name', 'user'],
  ),
  DocumentVersions: object({ versions: { type: 'array', items: ref('DocumentVersion') } }),
  DisconnectRequest: {
    type: 'object',
    properties: {
      message: { type: 'string', minLength: 1, maxLength: 1000, description: 'Told to the client.' },
    },
  },
  UserConnections: object({
    connections: {
      type: 'array',
      items: object(
        {
          id: { type: 'string', description: 'As hooks and calls see it.' },
          node: { type: 'string' },
          since: { ...count, description: 'When it was accepted: milliseconds since 1970.' },
          transport: { type: 'string' },
          remoteAddress: { type: 'string', description: 'Where it is known.' },
        },
        ['id', 'node', 'since', 'transport'],
      ),
    },
    missing: {
      type: 'array',
      items: { type: 'string' },
      description: 'Nodes that did not answer within 2 s: there may be more connections there.',
    },
  }),
  Reached: object({
    connections: { ...count, description: 'Of the user, on the nodes that answered.' },
    missing: {
      type: 'array',
      items: { type: 'string' },
      description: 'Nodes that did not answer within 2 s. They do it as soon as they hear of it.',
    },
  }),
  Cluster: object({
    nodes: {
      type: 'array',
      items: object({
        node: { type: 'string' },
        label: { type: 'string', description: 'Where it runs.' },
        startedAt: { ...count, description: 'Milliseconds since the Unix epoch.' },
        state: { enum: ['running', 'draining'] },
        connections: count,
        subscriptions: count,
        channels: count,
      }),
    },
    missing: { type: 'array', items: { type: 'string' }, description: 'Nodes that did not answer.' },
    channels: {
      type: 'array',
      items: object(
        {
          channel: { type: 'string' },
          mode: { type: 'string' },
          epoch,
          floor,
          top,
          keeps: { type: 'object', description: 'What the contract retains.' },
          subscribers: count,
          behind: { ...count, description: 'Subscribers that read on, or whose link takes no more.' },
          lag: { ...count, description: 'Operations between the last one behind and the top.' },
          members: { ...count, description: 'Where the channel has presence.' },
          versions: { ...count, description: 'Of a document, those that are kept.' },
          stored: { ...documentSize, description: 'Of a document: how much the store keeps of it.' },
          nodes: {
            type: 'array',
            items: object({ node: { type: 'string' }, subscribers: count, top }),
          },
        },
        ['members', 'versions', 'stored'],
      ),
    },
  }),
  ErrorDetail: object({ code: { enum: Object.keys(codes) }, message: { type: 'string' } }),
  Error: object({
    type: {
      type: 'string',

      description: 'A URI reference that names the kind of problem (RFC 9457): its page of the documentation.',
    },
    title: { type: 'string', description: 'What the code means.' },
    status: { type: 'integer', description: 'The status of the answer.' },
    detail: { type: 'string', description: 'What was wrong this time: the message of error.' },
    error: ref('ErrorDetail'),
  }),
  Alive: object({ status: { const: 'alive' } }),
  Ready: object({ status: { const: 'ready' }, deliveryMs: { type: 'number', minimum: 0 } }),
  NotReady: {
    oneOf: [
      object({ status: { const: 'draining' } }),
      object({ status: { const: 'failing' }, code: { enum: ['timeout', 'unavailable'] } }),
    ],
  },
};
