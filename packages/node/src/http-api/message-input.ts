import type { ServerPublishOptions, ServerRedactOptions } from '@longwave/core';
import { isWellFormed, wireLimits } from '@longwave/protocol';
import { HttpProblem } from '../http/problem.js';

/** A message as a back end gives it, checked. */
export interface MessageInput {
  readonly data: unknown;
  readonly options: ServerPublishOptions;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new HttpProblem('bad-frame', `${what} must be a JSON object.`);
}

/** `what` names the object in messages for people. Throws `bad-frame`. */
export function messageInput(fields: JsonObject, what: string, idempotencyKey?: string): MessageInput {
  return { options: publishOptions(fields, what, idempotencyKey), data: dataOf(fields, what) };
}

/** Everything but the data. Throws `bad-frame`. */
export function publishOptions(fields: JsonObject, what: string, idempotencyKey?: string): ServerPublishOptions {
  const id = textField(fields, 'id', wireLimits.messageIdLength, what);
  const user = textField(fields, 'user', wireLimits.tokenLength, what);
  const retry = fields['retry'];
  if (retry !== undefined && typeof retry !== 'boolean') {
    throw new HttpProblem('bad-frame', `${what}.retry must be true or false.`);
  }
  const key = resolveId(id, idempotencyKey);
  if (retry && key === undefined) {
    throw new HttpProblem('bad-frame', `${what}.retry needs an id: without one a repetition cannot be told.`);
  }
  return {
    ...(key !== undefined && { id: key }),
    ...(user !== undefined && { user }),
    ...(retry !== undefined && { retry }),
  };
}

/** A redaction as a back end asks for it, checked. Throws `bad-frame`. */
export function redactionInput(
  query: JsonObject,
  idempotencyKey?: string,
): { readonly target: { readonly offset: number; readonly epoch?: string }; readonly options: ServerRedactOptions } {
  const offset = String(query['offset']);
  if (!/^[1-9]\d{0,14}$/.test(offset)) {
    throw new HttpProblem('bad-frame', 'The offset of a message is a whole number of at least 1.');
  }
  const epoch = textField(query, 'epoch', wireLimits.epochLength, 'The query');
  const reason = textField(query, 'reason', wireLimits.reasonLength, 'The query');
  const user = textField(query, 'user', wireLimits.tokenLength, 'The query');
  const id = resolveId(undefined, idempotencyKey);
  return {
    target: { offset: Number(offset), ...(epoch !== undefined && { epoch }) },
    options: {
      ...(reason !== undefined && { reason }),
      ...(user !== undefined && { user }),
      ...(id !== undefined && { id }),
    },
  };
}

function resolveId(id: string | undefined, header: string | undefined): string | undefined {
  if (header === undefined) return id;
  if (header.length === 0 || header.length > wireLimits.messageIdLength) {
    throw new HttpProblem('bad-frame', `Idempotency-Key must have 1 to ${wireLimits.messageIdLength} characters.`);
  }
  if (id !== undefined && id !== header) {
    throw new HttpProblem('bad-frame', 'The message id and the Idempotency-Key differ: give one, or the same.');
  }
  return header;
}

/** WIRE-3: JSON under `data`, or bytes as base64 under `bytes`. */
function dataOf(fields: JsonObject, what: string): unknown {
  const hasData = Object.hasOwn(fields, 'data');
  if (hasData === Object.hasOwn(fields, 'bytes')) {
    throw new HttpProblem('bad-frame', `${what} must have either 'data' or 'bytes'.`);
  }
  if (hasData) return fields['data'];
  const text = fields['bytes'];
  if (typeof text !== 'string' || !base64.test(text)) {
    throw new HttpProblem('bad-frame', `${what}.bytes must be base64 (RFC 4648 §4).`);
  }
  return Uint8Array.from(Buffer.from(text, 'base64'));
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export function textField(fields: JsonObject, name: string, max: number, what: string): string | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  // WIRE-10.
  if (typeof value === 'string' && !isWellFormed(value)) {
    throw new HttpProblem('invalid-data', `${what}.${name} is not well-formed Unicode.`);
  }
  if (typeof value === 'string' && value.length > 0 && value.length <= max) return value;
  throw new HttpProblem('bad-frame', `${what}.${name} must be a text of 1 to ${max} characters.`);
}
