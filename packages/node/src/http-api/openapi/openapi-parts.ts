import { wireLimits } from '@longwave/protocol';
import { problemMediaType } from '../../http/problem.js';
import { type JsonSchema, ref } from './openapi-schemas.js';

export interface Response {
  readonly description: string;
  readonly headers?: unknown;
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly unknown[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, Response>>;
  readonly security?: readonly unknown[];
  /** Where its path begins, if not at the document's servers. */
  readonly servers?: readonly { readonly url: string }[];
}

export const json = (name: string) => ({
  [name === 'Error' ? problemMediaType : 'application/json']: { schema: ref(name) },
});
export const answer = (description: string, name: string): Response => ({ description, content: json(name) });

export const pathText = (name: string, description: string, maxLength: number) => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string', minLength: 1, maxLength },
});
export const channel = pathText(
  'channel',
  "The channel's name, URL-encoded: / as %2F. Or ask /v1/channel/… and give the name as channel in the query.",
  wireLimits.channelLength,
);
export const user = pathText('user', 'The user, URL-encoded.', wireLimits.tokenLength);

export const body = (name: string, required = true) => ({ required, content: json(name) });

/** Every operation of `/v1` may end with these. */
export const refusals: Readonly<Record<string, Response>> = {
  '400': answer('The request is malformed.', 'Error'),
  '401': answer('The API key is missing or not known.', 'Error'),
  '403': answer('The server has no API key configured: the API is off.', 'Error'),
  '429': answer('Too many wrong API keys came from this address: Retry-After says when.', 'Error'),
  '500': answer('The server failed. The request may be repeated, with the same id.', 'Error'),
  '503': answer('Not now: repeat the request, with the same id.', 'Error'),
};

export const publishRefusals: Readonly<Record<string, Response>> = {
  '404': answer('No channel has this name.', 'Error'),
  '408': answer('The body did not come in time.', 'Error'),
  '409': answer('too-old: whether this repetition was stored before can no longer be told.', 'Error'),
  '413': answer('The body or the message is too large.', 'Error'),
  '415': answer('The body is not application/json, or it is compressed.', 'Error'),
  '422': answer(
    "The channel's schema refuses the data, or a number of it cannot be kept exactly; the message says why.",
    'Error',
  ),
};

export const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'The message id, for clients that send one in the header. Given with another id in the body: 400.',
  schema: { type: 'string', minLength: 1, maxLength: wireLimits.messageIdLength },
};

export const queryNumber = (name: string, description: string, minimum: number, maximum: number, initial?: number) => ({
  name,
  in: 'query',
  description,
  schema: { type: 'integer', minimum, maximum, ...(initial !== undefined && { default: initial }) },
});
