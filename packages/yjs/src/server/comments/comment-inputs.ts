import type { Schema } from '@longwave/protocol';

/** Input of the call `addComment`, which begins a thread. */
export interface AddComment {
  /** The name of the document's channel. */
  readonly document: string;
  /** 1 to 2,000 characters. */
  readonly text: string;
  /** Where it stands: relative positions of Yjs as base64, 1,000 characters at most. */
  readonly anchor?: string | undefined;
  /** The text that it is about, 500 characters at most. */
  readonly quote?: string | undefined;
}

/** Input of the call `replyToComment`, which adds a comment to a thread. */
export interface Reply {
  readonly document: string;
  readonly thread: string;
  /** 1 to 2,000 characters. */
  readonly text: string;
}

/** Input of the call `resolveComments`, which marks a thread as resolved or opens it again. */
export interface ResolveThread {
  readonly document: string;
  readonly thread: string;
  /** False opens it again. Default true. */
  readonly resolved?: boolean | undefined;
}

/** Input of the call `deleteComment`, which deletes a comment or a whole thread. */
export interface DeleteComment {
  readonly document: string;
  readonly thread: string;
  readonly comment?: string | undefined;
}

type Fits = (value: unknown) => boolean;

const text =
  (max: number, form = /^/): Fits =>
  (value) =>
    typeof value === 'string' && value.length > 0 && value.length <= max && form.test(value);
const orNone =
  (fits: Fits): Fits =>
  (value) =>
    value === undefined || fits(value);

const document = text(200);
const id = text(64);
const said = text(2000);
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Schemas of the inputs: what is not named is refused. */
export const inputs = {
  add: schema<AddComment>({ document, text: said, anchor: orNone(text(1000, base64)), quote: orNone(text(500)) }),
  reply: schema<Reply>({ document, thread: id, text: said }),
  resolve: schema<ResolveThread>({ document, thread: id, resolved: orNone((value) => typeof value === 'boolean') }),
  remove: schema<DeleteComment>({ document, thread: id, comment: orNone(id) }),
};

function schema<Input extends object>(fields: { readonly [Name in keyof Required<Input>]: Fits }): Schema<Input> {
  const rules: readonly [string, Fits][] = Object.entries(fields);
  const validate = (value: unknown): { value: Input } | { issues: { message: string }[] } => {
    if (typeof value !== 'object' || value === null) return { issues: [{ message: 'It must be an object.' }] };
    const given = value as Readonly<Record<string, unknown>>;
    const strange = Object.keys(given).find((name) => !Object.hasOwn(fields, name));
    if (strange !== undefined) return { issues: [{ message: `There is no field '${strange}'.` }] };
    const wrong = rules
      .filter(([name, fits]) => !fits(given[name]))
      .map(([name]) => ({ message: `${name} cannot be that.` }));
    return wrong.length > 0 ? { issues: wrong } : { value: value as Input };
  };
  return { '~standard': { version: 1, vendor: 'longwave', validate } };
}
