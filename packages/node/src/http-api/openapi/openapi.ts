import { wireLimits } from '@longwave/protocol';
import { documentPaths } from './openapi-documents.js';
import { entryPaths } from './openapi-entries.js';
import {
  type Operation,
  answer,
  body,
  channel,
  idempotencyKey,
  publishRefusals,
  queryNumber,
  refusals,
  user,
} from './openapi-parts.js';
import { inboxRedactionPaths, redactionPaths } from './openapi-redaction.js';
import { readerPaths } from './openapi-readers.js';
import { scriptPaths } from './openapi-scripts.js';
import { schemas } from './openapi-schemas.js';

/** The part of an OpenAPI 3.1 document that is used here. */
export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly security: readonly unknown[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: unknown;
}

const publishResponses = {
  '200': answer('It was stored before.', 'Published'),
  '201': answer('Stored.', 'Published'),
  ...refusals,
  ...publishRefusals,
};

/**
 * The API as a document (OpenAPI 3.1). `basePath` stands before every path but those of the scripts, which are at `scripts` if they are
 * served.
 */
export function createOpenApi(basePath: string, scripts?: string): OpenApi {
  const open: readonly unknown[] = [];
  const limit = wireLimits.pageOperations;
  return {
    openapi: '3.1.0',
    info: {
      title: 'Longwave HTTP API',
      version: '1',
      description:
        'For back ends in any language: publish to channels, read their history, read and change their state, end connections. ' +
        'For readers without a library and for CDNs: events and pages of history, with the rights of a client. ' +
        'Whatever node is asked, what concerns connections is done on all of them. ' +
        'Where a proxy decodes %2F in paths, names stand in the query as well: ' +
        '/v1/channel/REST?channel=NAME is /v1/channels/{channel}/REST, /v1/channel/entries?channel=NAME&key=KEY is an entry, ' +
        '/v1/user/REST?user=NAME is /v1/users/{user}/REST.',
    },
    servers: [{ url: basePath === '' ? '/' : basePath }],
    security: [{ apiKey: [] }],
    paths: {
      '/v1/channels/{channel}/messages': {
        post: {
          operationId: 'publish',
          summary: 'Publish a message to a channel',
          description: 'Answers when it is stored.',
          parameters: [channel, idempotencyKey],
          requestBody: body('NewMessage'),
          responses: publishResponses,
        },
        get: {
          operationId: 'history',
          summary: 'Read a page of the history of a channel',
          description: 'Without a bound: the newest.',
          parameters: [
            channel,
            queryNumber('limit', 'At most so many messages.', 1, limit, 100),
            queryNumber('after', 'Messages with a greater offset, the oldest of them.', 0, Number.MAX_SAFE_INTEGER),
            queryNumber('before', 'Messages with a smaller offset, the newest of them.', 1, Number.MAX_SAFE_INTEGER),
            queryNumber(
              'since',
              'Messages stored then or later, the oldest of them: ms since 1970.',
              0,
              Number.MAX_SAFE_INTEGER,
            ),
            queryNumber(
              'until',
              'Messages stored before, the newest of them: ms since 1970.',
              0,
              Number.MAX_SAFE_INTEGER,
            ),
          ],
          responses: {
            '200': answer('The page.', 'Page'),
            ...refusals,
            '404': answer('No channel has this name.', 'Error'),
          },
        },
      },
      ...redactionPaths,
      ...entryPaths,
      ...documentPaths,
      ...readerPaths,
      '/v1/messages': {
        post: {
          operationId: 'publishBatch',
          summary: 'Publish messages to several channels',
          description:
            'Messages of one channel are stored in their order. One that fails stops no other. A malformed batch is refused whole.',
          requestBody: body('Batch'),
          responses: {
            '200': answer('All are stored.', 'BatchResult'),
            '207': answer('Some or all failed: see results.', 'BatchResult'),
            ...refusals,
            '408': publishRefusals['408']!,
            '413': publishRefusals['413']!,
            '415': publishRefusals['415']!,
          },
        },
      },
      '/v1/users/{user}/messages': {
        post: {
          operationId: 'publishToUser',
          summary: "Publish a message to a user's inbox",
          parameters: [user, idempotencyKey],
          requestBody: body('NewMessage'),
          responses: publishResponses,
        },
      },
      ...inboxRedactionPaths,
      '/v1/users/{user}/connections': {
        get: {
          operationId: 'connections',
          summary: 'List the connections of a user',
          description: 'Those to all nodes, oldest first. Each node tells of 1,000 at most.',
          parameters: [user],
          responses: { '200': answer('The connections.', 'UserConnections'), ...refusals },
        },
      },
      '/v1/users/{user}/disconnect': {
        post: {
          operationId: 'disconnect',
          summary: 'End all connections of a user',
          description: 'The clients do not come back by themselves. To keep a user out, have authenticate refuse.',
          parameters: [user],
          requestBody: body('DisconnectRequest', false),
          responses: {
            '200': answer('Ended.', 'Reached'),
            ...refusals,
            '408': publishRefusals['408']!,
            '413': publishRefusals['413']!,
            '415': publishRefusals['415']!,
          },
        },
      },
      '/v1/users/{user}/recheck': {
        post: {
          operationId: 'recheck',
          summary: 'Ask for the rights of all connections of a user anew',
          description: 'Subscriptions whose right was withdrawn end with the reset revoked.',
          parameters: [user],
          responses: { '200': answer('It is being done, behind what runs already.', 'Reached'), ...refusals },
        },
      },
      '/v1/cluster': {
        get: {
          operationId: 'cluster',
          summary: 'Report all nodes and channels',
          description: 'The channels with the most subscribers. Every node is asked, and the store for each channel.',
          parameters: [
            {
              name: 'prefix',
              in: 'query',
              description: 'Channels whose names begin so.',
              schema: { type: 'string', maxLength: wireLimits.channelLength },
            },
            {
              name: 'limit',
              in: 'query',
              description: 'Channels at most.',
              schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
            },
          ],
          responses: { '200': answer('So it is.', 'Cluster'), ...refusals },
        },
      },
      '/v1/openapi.json': {
        get: {
          operationId: 'openapi',
          summary: 'This document',
          security: open,
          responses: {
            '200': { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: { type: 'object' } } } },
            '403': refusals['403']!,
          },
        },
      },
      ...(scripts !== undefined && scriptPaths(scripts)),
      '/healthz': {
        get: {
          operationId: 'health',
          summary: 'Is the process alive?',
          security: open,
          responses: { '200': answer('It is.', 'Alive') },
        },
      },
      '/readyz': {
        get: {
          operationId: 'ready',
          summary: 'Are messages delivered?',
          description: 'Sends one through the store to a subscriber, at most once a second.',
          security: open,
          responses: {
            '200': answer('They are.', 'Ready'),
            '503': answer('The node drains, or delivery does not work.', 'NotReady'),
          },
        },
      },
      '/metrics': {
        get: {
          operationId: 'metrics',
          summary: 'Figures for Prometheus',
          description: 'Open, behind an API key, or off (404), as the server is configured.',
          security: [{}, { apiKey: [] }],
          responses: {
            '200': {
              description: 'The text format of Prometheus.',
              content: { 'text/plain': { schema: { type: 'string' } } },
            },
            '401': refusals['401']!,
            '403': refusals['403']!,
            '404': answer('The metrics are off.', 'Error'),
          },
        },
      },
    },
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer' },
        token: { type: 'http', scheme: 'bearer', description: 'What a client would connect with.' },
      },
      schemas,
    },
  };
}
