import { wireLimits } from '@longwave/protocol';
import { pageSize } from '../../readers/history-pages.js';
import { type Operation, type Response, answer, channel, pathText } from './openapi-parts.js';

/** Rights are those of a client; an API key is neither needed nor taken. */
const security: readonly unknown[] = [{}, { token: [] }];

const refusals: Readonly<Record<string, Response>> = {
  '401': answer('The token is missing, or refused.', 'Error'),
  '403': answer('There is no right to read here, or the page of this origin may not.', 'Error'),
  '404': answer('No channel has this name, or there is nothing here yet.', 'Error'),
};
const failures: Readonly<Record<string, Response>> = {
  '429': answer('Too many requests from this address: Retry-After says when.', 'Error'),
  '500': answer('The server failed.', 'Error'),
  '503': answer('Not now.', 'Error'),
};

const query = (name: string, description: string, schema: unknown) => ({ name, in: 'query', description, schema });
const ifNoneMatch = {
  name: 'If-None-Match',
  in: 'header',
  description: 'The ETag of what is at hand.',
  schema: { type: 'string' },
};
const notModified: Response = { description: 'What is at hand is what there is.' };

/** READ-1 to READ-10. */
export const readerPaths: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/channels/{channel}/events': {
    get: {
      operationId: 'events',
      summary: 'Read a channel as server-sent events',
      description:
        'Each message is an event with the id EPOCH:OFFSET and its JSON as data; bytes are events named bytes, in base64. ' +
        'An event named reset tells that and why the position could not be continued: trimmed, epoch-changed, truncated, revoked. ' +
        'What may pass, such as a draining node, is a stream that ends.',
      parameters: [
        channel,
        query('from', 'Begin after this position, with the start of what is kept, or now (the default).', {
          type: 'string',
        }),
        query('last', 'Begin with so many of the last messages.', { type: 'integer', minimum: 0 }),
        query('envelope', '1: the data is an object with offset, time, id, user, and data or bytes.', {
          enum: ['0', '1'],
        }),
        {
          name: 'Last-Event-ID',
          in: 'header',
          description: 'Begin after this position; goes before from.',
          schema: { type: 'string' },
        },
      ],
      security,
      responses: {
        '200': {
          description: 'The stream.',
          content: { 'text/event-stream': { schema: { type: 'string' } } },
        },
        '400': answer('from, last or Last-Event-ID is malformed.', 'Error'),
        ...refusals,
      },
    },
  },
  '/v1/channels/{channel}/history': {
    get: {
      operationId: 'historyBounds',
      summary: 'Read the bounds of what is retained, and links to its pages',
      parameters: [channel, ifNoneMatch],
      security,
      responses: { '200': answer('It.', 'Bounds'), '304': notModified, ...refusals, ...failures },
    },
  },
  '/v1/channels/{channel}/history/{epoch}/{first}': {
    get: {
      operationId: 'historyPage',
      summary: 'A page of the history that caches may keep',
      description: `With the offsets first to first + ${pageSize - 1}. Immutable once it is complete.`,
      parameters: [
        channel,
        pathText('epoch', 'The epoch, URL-encoded.', wireLimits.epochLength),
        {
          name: 'first',
          in: 'path',
          required: true,
          description: `1 + n * ${pageSize}.`,
          schema: { type: 'integer', minimum: 1 },
        },
        ifNoneMatch,
      ],
      security,
      responses: {
        '200': answer('The page.', 'FixedPage'),
        '304': notModified,
        ...refusals,
        '410': answer('epoch-changed or trimmed: it is no longer there, and does not come back.', 'Error'),
        ...failures,
      },
    },
  },
};
