import type { ServerChangeOptions } from '@longwave/core';
import { type JsonObject, type MessageInput, messageInput, publishOptions } from './message-input.js';
import { HttpProblem } from '../http/problem.js';

/** A change as a back end gives it, checked. */
export interface ChangeInput extends MessageInput {
  readonly options: ServerChangeOptions;
}

/**
 * The parts of a change that may stand in the headers (RFC 9110 §13.1) and in the query. Undefined: it is not there.
 */
export interface ChangeHead {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly user?: string | undefined;
}

/** For PUT and PATCH. Throws `bad-frame`. */
export function changeInput(fields: JsonObject, head: ChangeHead): ChangeInput {
  const { data, options } = messageInput(fields, 'The body', head.idempotencyKey);
  const expect = resolveExpect(wholeNumber(fields, 'expect', 0), expectOf(head));
  const ttlMs = wholeNumber(fields, 'ttlMs', 1);
  return {
    data,
    options: { ...options, ...(expect !== undefined && { expect }), ...(ttlMs !== undefined && { ttl: ttlMs }) },
  };
}

/** For DELETE, which has no body. Throws `bad-frame`. */
export function removalOptions(head: ChangeHead): ServerChangeOptions {
  const { user, idempotencyKey } = head;
  const expect = expectOf(head);
  return {
    ...publishOptions({ ...(user !== undefined && { user }) }, 'The query', idempotencyKey),
    ...(expect !== undefined && { expect }),
  };
}

/** Whether the condition stands in the headers: what does not meet it is then answered with 412. */
export function isConditional({ ifMatch, ifNoneMatch }: ChangeHead): boolean {
  return ifMatch !== undefined || ifNoneMatch !== undefined;
}

function expectOf({ ifMatch, ifNoneMatch }: ChangeHead): number | undefined {
  if (ifMatch !== undefined && ifNoneMatch !== undefined) {
    throw new HttpProblem('bad-frame', 'Give If-Match or If-None-Match, not both.');
  }
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch === '*') return 0;
    throw new HttpProblem('bad-frame', 'If-None-Match must be *: the entry must not exist.');
  }
  if (ifMatch === undefined) return undefined;
  const version = /^"(\d{1,15})"$/.exec(ifMatch)?.[1];
  if (version === undefined || Number(version) === 0) {
    throw new HttpProblem('bad-frame', 'If-Match must be one version in quotes, as an ETag has it.');
  }
  return Number(version);
}

function resolveExpect(field: number | undefined, header: number | undefined): number | undefined {
  if (field !== undefined && header !== undefined && field !== header) {
    throw new HttpProblem('bad-frame', 'expect and the condition in the headers differ: give one, or the same.');
  }
  return field ?? header;
}

function wholeNumber(fields: JsonObject, name: string, min: number): number | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (Number.isSafeInteger(value) && (value as number) >= min) return value as number;
  throw new HttpProblem('bad-frame', `${name} must be a whole number of at least ${min}.`);
}
