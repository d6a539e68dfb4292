import { type Operation, type Response, answer } from './openapi-parts.js';

const parameters = [
  {
    name: 'v',
    in: 'query',
    description: 'The version of the file, as its ETag begins: then it may be kept for ever.',
    schema: { type: 'string' },
  },
  {
    name: 'If-None-Match',
    in: 'header',
    description: 'The ETag of the file at hand.',
    schema: { type: 'string' },
  },
];

const responses: Readonly<Record<string, Response>> = {
  '200': {
    description: 'The file, compressed for those who take it.',
    content: { 'text/javascript': { schema: { type: 'string' } } },
  },
  '304': { description: 'The file at hand is what there is.' },
  '403': answer('The host name is not one of this server.', 'Error'),
  '404': answer('This installation lacks the file.', 'Error'),
};

const operation = (operationId: string, summary: string): Operation => ({
  ...{ operationId, summary, parameters, security: [], responses },
  servers: [{ url: '/' }],
});

/** The client as files (HTTP-24), at `path` with their extensions. */
export function scriptPaths(path: string): Readonly<Record<string, Readonly<Record<string, Operation>>>> {
  return {
    [`${path}.js`]: { get: operation('script', 'The client as a script, which defines the global longwave') },
    [`${path}.mjs`]: { get: operation('module', 'The client as a module') },
  };
}
