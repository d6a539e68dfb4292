import { type Operation, answer, body, channel, publishRefusals, refusals } from './openapi-parts.js';

const documentRefusals = {
  ...refusals,
  '400': answer('The request is malformed, or wrong-mode: the channel is no document.', 'Error'),
  '404': answer('No channel has this name.', 'Error'),
};
const gone = answer('trimmed: there is no such version.', 'Error');

const version = {
  name: 'version',
  in: 'query',
  description: 'The id of a version. Default: as it is now.',
  schema: { type: 'string', pattern: '^[1-9][0-9]*$' },
};

/** Documents and their versions. */
export const documentPaths: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/channels/{channel}/document': {
    get: {
      operationId: 'readDocument',
      summary: 'Read a document, or a version of it',
      description: 'As the format of the server compacts it: for tools that know it, such as longwave doc.',
      parameters: [channel, version],
      responses: {
        '200': {
          description: 'All of it.',
          content: { 'application/octet-stream': { schema: { type: 'string' } } },
        },
        ...documentRefusals,
        '410': gone,
      },
    },
  },
  '/v1/channels/{channel}/document/compact': {
    post: {
      operationId: 'compactDocument',
      summary: 'Compact a document',
      parameters: [channel],
      responses: { '200': answer('Whether there was anything to gain.', 'Compacted'), ...documentRefusals },
    },
  },
  '/v1/channels/{channel}/document/size': {
    get: {
      operationId: 'documentSize',
      summary: 'How much the store keeps of a document, versions apart',
      parameters: [channel],
      responses: { '200': answer('Its bytes, and what they are.', 'DocumentSize'), ...documentRefusals },
    },
  },
  '/v1/channels/{channel}/versions': {
    get: {
      operationId: 'versions',
      summary: 'List the versions of a document, the oldest first',
      parameters: [channel],
      responses: { '200': answer('They.', 'DocumentVersions'), ...documentRefusals },
    },
    post: {
      operationId: 'saveVersion',
      summary: 'Keep a document as it is now, under a name',
      parameters: [channel],
      requestBody: body('NewVersion'),
      responses: {
        '201': answer('Kept.', 'DocumentVersion'),
        ...documentRefusals,
        '400': answer('As above, or too-many: the versions that have names leave no room.', 'Error'),
        '408': publishRefusals['408']!,
        '413': answer('The body, or what the versions would then take, is too large.', 'Error'),
        '415': publishRefusals['415']!,
      },
    },
  },
};
