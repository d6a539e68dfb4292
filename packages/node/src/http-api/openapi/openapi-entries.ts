import { wireLimits } from '@longwave/protocol';
import {
  type Operation,
  type Response,
  answer,
  body,
  channel,
  idempotencyKey,
  json,
  pathText,
  publishRefusals,
  queryNumber,
  refusals,
} from './openapi-parts.js';

const key = pathText('key', 'The key, URL-encoded. A path cannot name the keys . and ..', wireLimits.keyLength);
const etag = { description: 'The version in quotes.', schema: { type: 'string', pattern: '^"[1-9][0-9]*"$' } };
const header = (name: string, description: string, pattern: string) => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string', pattern },
});
const conditions = [
  header('If-Match', 'The version the entry must have, in quotes: as expect, but refused with 412.', '^"[0-9]+"$'),
  header('If-None-Match', '*: there must be no entry. As expect 0, but refused with 412.', '^\\*$'),
];
const user = {
  name: 'user',
  in: 'query',
  description: 'The user in whose name it is deleted.',
  schema: { type: 'string', minLength: 1, maxLength: wireLimits.tokenLength },
};
const paging = [
  queryNumber('limit', 'At most so many.', 1, wireLimits.pageOperations, wireLimits.pageOperations),
  {
    name: 'after',
    in: 'query',
    description: 'Keys behind this one. Pages are read one by one: where top differs, something changed in between.',
    schema: { type: 'string', maxLength: wireLimits.keyLength },
  },
];

const wrongMode = answer('The request is malformed, or wrong-mode: the channel has no such thing.', 'Error');
const noEntry = answer('No channel has this name, or there is no such entry.', 'Error');
const conflict = answer('conflict: the entry has another version than expect says. Or too-old, of a retry.', 'Error');
const failedCondition = answer('conflict: a condition in the headers is not met.', 'Error');

const withEtag = (response: Response): Response => ({ ...response, headers: { ETag: etag } });

const changeRefusals = {
  ...refusals,
  ...publishRefusals,
  '400': wrongMode,
  '403': answer('The API is off, or the channel is one that only Longwave writes to.', 'Error'),
  '409': conflict,
  '412': failedCondition,
  '413': answer('The body, the value, or what the channel would then hold is too large.', 'Error'),
};

/** Operations on one entry: that of a key, or the one entry of a `value`. */
function entryOperations(parameters: readonly unknown[], suffix: 'Entry' | 'Value'): Record<string, Operation> {
  const what = suffix === 'Entry' ? 'an entry' : 'the value';
  return {
    get: {
      operationId: `get${suffix}`,
      summary: `Read ${what} of a channel`,
      parameters,
      responses: { '200': withEtag(answer('It.', suffix)), ...refusals, '400': wrongMode, '404': noEntry },
    },
    put: {
      operationId: `put${suffix}`,
      summary: `Set ${what} of a channel`,
      description: 'Answers when it is stored.',
      parameters: [...parameters, ...conditions, idempotencyKey],
      requestBody: body('NewValue'),
      responses: { '200': withEtag(answer('Stored.', 'Changed')), ...changeRefusals },
    },
    patch: {
      operationId: `patch${suffix}`,
      summary: `Change ${what} of a channel in part`,
      description: 'data is a JSON Merge Patch (RFC 7396), in the same body as that of a PUT: null removes a member.',
      parameters: [...parameters, ...conditions, idempotencyKey],
      requestBody: body('NewValue'),
      responses: { '200': withEtag(answer('Stored.', 'Changed')), ...changeRefusals },
    },
    delete: {
      operationId: `delete${suffix}`,
      summary: `Remove ${what} of a channel`,
      description: 'It need not exist, unless a condition says so.',
      parameters: [...parameters, ...conditions, idempotencyKey, user],
      responses: {
        '200': answer('It is gone.', 'Changed'),
        ...refusals,
        '400': wrongMode,
        '403': changeRefusals['403'],
        '404': publishRefusals['404']!,
        '412': failedCondition,
      },
    },
  };
}

const listed = (operationId: string, summary: string, schema: string, refused: Record<string, Response>) => ({
  get: {
    operationId,
    summary,
    parameters: [channel, ...paging],
    responses: {
      '200': { description: 'A page of them.', content: json(schema) },
      ...refusals,
      ...refused,
    },
  },
});

export const entryPaths: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/channels/{channel}/entries': listed('entries', 'Read the entries of a channel', 'Entries', {
    '400': wrongMode,
    '404': publishRefusals['404']!,
  }),
  '/v1/channels/{channel}/entries/{key}': entryOperations([channel, key], 'Entry'),
  '/v1/channels/{channel}/value': entryOperations([channel], 'Value'),
  '/v1/channels/{channel}/members': listed('members', 'Read who is in a channel, on all nodes', 'Members', {
    '404': answer('No channel has this name, or it has no members.', 'Error'),
  }),
};
