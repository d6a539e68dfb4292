import { wireLimits } from '@longwave/protocol';
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
}

export const json = (name: string) => ({ 'application/json': { schema: ref(name) } });
export const answer = (description: string, name: string): Response => ({ description, content: json(name) });

export const pathText = (name: string, description: string, maxLength: number) => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string', minLength: 1, maxLength },
});
export const channel = pathText('channel', "The channel's name, URL-encoded: / as %2F.", wireLimits.channelLength);
