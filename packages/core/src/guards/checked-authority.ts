import { LongwaveError, describeValue, isPlainObject, isWellFormed, readView, wireLimits } from '@longwave/protocol';
import type { Action, Authority, AuthorizeContext, ConnectionInfo, Grant, Identity } from '../base/authority.js';
import type { Complaints } from './complaints.js';
import { type MaybePromise, adopt, isPromise } from '../base/maybe-promise.js';
import { fault } from '../base/fault.js';

const anonymous: Identity = Object.freeze({ user: undefined, claims: undefined, expiresAt: undefined });

const identityFields: ReadonlySet<string> = new Set(['user', 'claims', 'expiresAt']);

/** A date in seconds is mistaken for one in milliseconds below this: it would lie in the year 1973. */
const secondsBelow = 1e11;

/**
 * The application's authority, whose answers are looked at like a peer's input (SES-9, SES-10): what is not understood grants
 * nothing, and is logged once with the name of the field.
 */
export class CheckedAuthority implements Authority {
  readonly #authority: Authority;
  readonly #complaints: Complaints;
  /** Undefined: everything is allowed, and nothing is asked. */
  readonly authorize?: (context: AuthorizeContext) => MaybePromise<boolean | Grant>;

  constructor(authority: Authority, complaints: Complaints) {
    this.#authority = authority;
    this.#complaints = complaints;
    if (authority.authorize) this.authorize = (context) => this.#authorize(context);
  }

  authenticate(token: string | undefined, info: ConnectionInfo): MaybePromise<Identity> {
    let answer: MaybePromise<unknown>;
    try {
      answer = adopt<unknown>(this.#authority.authenticate(token, info));
    } catch (error) {
      return this.#failed(error);
    }
    // Each connection comes by here: what is at hand costs no closure.
    if (!isPromise(answer)) return this.#identity(answer);
    return answer.then(
      (late) => this.#identity(late),
      (error: unknown) => this.#failed(error),
    );
  }

  #failed(error: unknown): never {
    if (error instanceof LongwaveError) throw error;
    this.#complaints.tell(
      'authenticate threw an error that is no LongwaveError: the connection is refused as unauthenticated.',
      error,
      `authenticate threw ${nameOf(error)}`,
    );
    throw fault('unauthenticated');
  }

  #authorize(context: AuthorizeContext): MaybePromise<boolean | Grant> {
    let answer: MaybePromise<unknown>;
    try {
      answer = this.#authority.authorize!(context);
      if (answer === true || answer === false) return answer;
      answer = adopt(answer);
    } catch (error) {
      return this.#denied(error);
    }
    const { action } = context;
    if (!isPromise(answer)) return this.#grant(answer, action);
    return answer.then(
      (late) => this.#grant(late, action),
      (error: unknown) => this.#denied(error),
    );
  }

  #denied(error: unknown): never {
    if (error instanceof LongwaveError) throw error;
    this.#complaints.tell('authorize threw: the request is refused.', error, `authorize threw ${nameOf(error)}`);
    throw fault('internal');
  }

  #identity(answer: unknown): Identity {
    const wrong = wrongIdentity(answer);
    if (wrong !== undefined) {
      this.#complaints.tell(`authenticate answered with ${wrong}. The connection is refused as unauthenticated.`);
      throw fault('unauthenticated');
    }
    const { user, claims, expiresAt } = answer as Identity;
    if (expiresAt !== undefined && expiresAt > 0 && expiresAt < secondsBelow) {
      this.#complaints.tell(
        'authenticate answered with an expiresAt that looks like seconds; it is milliseconds since the Unix epoch.',
      );
    }
    // Most connections of a public server are anonymous: they share one.
    if (user === undefined && claims === undefined && expiresAt === undefined) return anonymous;
    // A copy: what the application changes in its own afterwards was not looked at.
    return { user, claims, expiresAt };
  }

  #grant(answer: unknown, action: Action): boolean | Grant {
    if (answer === true || answer === false) return answer;
    const wrong = wrongGrant(answer, action);
    // A copy: what the application changes in its own afterwards would go unnoticed (VIEW-7).
    if (wrong === undefined) return JSON.parse(JSON.stringify(answer)) as Grant;
    this.#complaints.tell(`authorize answered with ${wrong}. The request is refused as forbidden.`);
    return false;
  }
}

/** Says what is wrong with an identity, as the end of "answered with …". */
function wrongIdentity(answer: unknown): string | undefined {
  if (!isPlainObject(answer)) {
    return `${describeValue(answer, { secret: true })}; an identity is a plain object, {} for an anonymous one`;
  }
  for (const field of Object.keys(answer)) {
    if (identityFields.has(field)) continue;
    return `the unknown field '${field}'; an identity has 'user', 'claims' and 'expiresAt', and what else is wanted goes into 'claims'`;
  }
  const { user, expiresAt } = answer;
  if (user !== undefined && !isUserId(user)) {
    return `user: ${describeValue(user, { secret: true })}; it is ${userRule}, and left out for an anonymous connection`;
  }
  if (expiresAt !== undefined && !Number.isFinite(expiresAt)) {
    const told = describeValue(expiresAt, { secret: true });
    return `expiresAt: ${told}; it is a number of milliseconds since the Unix epoch, and left out where there is no end`;
  }
  return undefined;
}

/** For messages. */
export const userRule = `a well-formed text of 1 to ${wireLimits.tokenLength} characters`;

/** Whether it can name a user: two ids that differ must differ in every store. */
export function isUserId(user: unknown): user is string {
  return typeof user === 'string' && user.length > 0 && user.length <= wireLimits.tokenLength && isWellFormed(user);
}

function wrongGrant(answer: unknown, action: Action): string | undefined {
  if (!isPlainObject(answer)) return `${describeValue(answer, { secret: true })}; it is true, false or { view }`;
  const [field, more] = Object.keys(answer);
  if (field === 'anyAuthor' && more === undefined && action === 'redact') {
    const { anyAuthor } = answer;
    return anyAuthor === true
      ? undefined
      : `anyAuthor: ${describeValue(anyAuthor)}; it is true, or the answer is true or false`;
  }
  const unknown = Object.keys(answer).find((name) => name !== 'view');
  if (unknown !== undefined)
    return `the unknown field '${unknown}'; a grant has 'view' alone, or to redact 'anyAuthor'`;
  const { view } = answer;
  if (!isPlainObject(view)) return `view: ${describeValue(view)}; it is an object`;
  const lost = lostIn(view, 'view');
  // A limit that was forgotten limits nothing.
  if (lost) return `${lost.path}: ${String(lost.value)}, which limits nothing; leave out what is not limited`;
  const read = readView(view);
  return typeof read === 'string' ? `a view that is not understood: ${read}` : undefined;
}

/** A field that is there and has no value. A view is a tree of few levels; what is deeper is refused anyway. */
function lostIn(value: unknown, path: string, depth = 0): { path: string; value: unknown } | undefined {
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) return { path, value };
  if (typeof value !== 'object' || value === null || depth > 4) return undefined;
  for (const [field, inner] of Object.entries(value)) {
    const found = lostIn(inner, `${path}.${field}`, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
