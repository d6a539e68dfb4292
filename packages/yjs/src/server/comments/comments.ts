import { randomBytes } from 'node:crypto';
import type { Hooks, MaybePromise } from '@longwave/core';
import {
  type CallContext,
  type CallDefinition,
  LongwaveError,
  type Schema,
  call,
  checkOptions,
  decodePayload,
  option,
} from '@longwave/protocol';
import type { DocumentServer } from '../documents/document-server.js';
import { type Name, pattern } from './pattern.js';
import { type AddComment, type DeleteComment, type Reply, type ResolveThread, inputs } from './comment-inputs.js';

/** A comment of a thread. */
export interface Comment {
  readonly id: string;
  readonly user: string;
  readonly text: string;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
}

/** A thread of comments: an entry of the comments' channel, by its id. */
export interface CommentThread {
  /** Where it stands in the document: Yjs' relative positions as base64, as the client gave them. Without it, it is about all of it. */
  readonly anchor?: string | undefined;
  /** The text that it is about, as it was. */
  readonly quote?: string | undefined;
  readonly comments: readonly Comment[];
  /** The user who resolved it, and the time. */
  readonly resolved?: { readonly user: string; readonly time: number } | undefined;
}

/** A wish to comment, as `may` is asked about it. */
export interface CommentContext<Claims = unknown> extends CallContext<Claims> {
  /** `comment`: to add, reply and resolve, and to delete one's own. `moderate`: to delete those of others. */
  readonly action: 'comment' | 'moderate';
  /** The name of the document, and the parameters of its pattern. */
  readonly document: string;
  readonly params: Readonly<Record<string, string>>;
}

/** Options of `comments`. */
export interface CommentsOptions<Claims = unknown> {
  /** The pattern of the documents, such as `'doc/:id'`. */
  readonly document: string;
  /** The pattern of the `map` that has their threads, with the same parameters, such as `'comments/:id'`. */
  readonly comments: string;
  /** Tells whether a user may. It is never asked about somebody anonymous: they may not. */
  readonly may: (context: CommentContext<Claims>) => MaybePromise<boolean>;
}

/** The calls that write comments. */
export type CommentCalls<Claims = unknown> = {
  /** Begins a thread. Returns its id. */
  readonly addComment: CallDefinition<Schema<AddComment>, { readonly thread: string }, Claims>;
  /** Adds to a thread. Returns the comment's id. */
  readonly replyToComment: CallDefinition<Schema<Reply>, { readonly comment: string }, Claims>;
  /** Resolves a thread, or opens it again. */
  readonly resolveComments: CallDefinition<Schema<ResolveThread>, Record<string, never>, Claims>;
  /** Deletes a comment, and the thread with its last one; without `comment`, all of the thread. */
  readonly deleteComment: CallDefinition<Schema<DeleteComment>, Record<string, never>, Claims>;
};

/** Comments of documents, as the server writes them. */
export interface Comments<Claims = unknown> {
  /** For `calls` of the server. */
  readonly calls: CommentCalls<Claims>;
  /** For `on` of the server: nobody else writes to the channels of the threads. */
  readonly hooks: Hooks;
  /** Says which server they belong to. Before, every call is refused with `unavailable`. */
  open(server: DocumentServer): void;
}

const text = { ...option.text, required: true };
const rules = { document: text, comments: text, may: { ...option.callback, required: true } };

/** Comments of a thread. */
const maxComments = 200;
const maxTries = 20;

/**
 * Comment threads beside documents, for those who may comment and not write: a thread is an entry of a `map`, which the server alone
 * writes, so nobody comments in another's name or changes what others said. The right to read threads is that to
 * subscribe to their channel. Throws `TypeError` on an invalid option, `RangeError` when the patterns have not the same parameters.
 * @example
 * ```ts
 * const notes = comments({
 *   document: 'doc/:id',
 *   comments: 'comments/:id',
 *   may: ({ action, user, params }) => roleOf(user, params['id']!) === 'owner' || action === 'comment',
 * });
 * const server = createServer({ channels, documents: yjs(), calls: { ...notes.calls }, on: notes.hooks });
 * notes.open(server);
 * ```
 */
export function comments<Claims = unknown>(options: CommentsOptions<Claims>): Comments<Claims> {
  checkOptions('comments', options, rules);
  const documents = pattern(options.document);
  const threads = pattern(options.comments);
  if (documents.parameters.toSorted().join() !== threads.parameters.toSorted().join())
    throw new RangeError(`comments: '${options.document}' and '${options.comments}' have not the same parameters.`);
  let opened: DocumentServer | undefined;

  const admit = async (name: string, context: CallContext<Claims>): Promise<Desk> => {
    if (!opened) throw new LongwaveError('unavailable', 'Comments are not open yet.');
    const params = documents.read(name);
    // As for a document that is not theirs: who may not know it learns nothing of it.
    if (!params || context.user === undefined) throw new LongwaveError('forbidden');
    const may = async (action: CommentContext['action']): Promise<boolean> =>
      (await options.may({ ...context, action, document: name, params })) === true;
    if (!(await may('comment'))) throw new LongwaveError('forbidden');
    return new Desk(opened, threads.write(params), context.user, () => may('moderate'));
  };

  return {
    calls: {
      addComment: call(inputs.add, async ({ document, anchor, quote, text: said }, context: CallContext<Claims>) =>
        (await admit(document, context)).add({ anchor, quote }, said),
      ),
      replyToComment: call(inputs.reply, async ({ document, thread, text: said }, context: CallContext<Claims>) =>
        (await admit(document, context)).reply(thread, said),
      ),
      resolveComments: call(inputs.resolve, async ({ document, thread, resolved }, context: CallContext<Claims>) =>
        (await admit(document, context)).resolve(thread, resolved ?? true),
      ),
      deleteComment: call(inputs.remove, async ({ document, thread, comment }, context: CallContext<Claims>) =>
        (await admit(document, context)).remove(thread, comment),
      ),
    },
    hooks: {
      publish({ channel }) {
        if (threads.read(channel)) throw new LongwaveError('forbidden', 'Comments are written by calls.');
      },
    },
    open: (server) => void (opened = server),
  };
}

/** The threads of one document, for one user who may comment. */
class Desk {
  readonly #server: DocumentServer;
  readonly #channel: Name;
  readonly #user: string;
  readonly #mayModerate: () => Promise<boolean>;

  constructor(server: DocumentServer, channel: Name, user: string, mayModerate: () => Promise<boolean>) {
    this.#server = server;
    this.#channel = channel;
    this.#user = user;
    this.#mayModerate = mayModerate;
  }

  async add(about: Pick<CommentThread, 'anchor' | 'quote'>, said: string): Promise<{ readonly thread: string }> {
    const thread = makeId();
    await this.#put(thread, { ...about, comments: [this.#write(said)] }, 0);
    return { thread };
  }

  async reply(thread: string, said: string): Promise<{ readonly comment: string }> {
    const comment = this.#write(said);
    await this.#change(thread, (before) => {
      if (before.comments.length >= maxComments)
        throw new LongwaveError('too-many', `A thread has ${maxComments} comments at most.`);
      return { ...before, comments: [...before.comments, comment] };
    });
    return { comment: comment.id };
  }

  async resolve(thread: string, resolved: boolean): Promise<Record<string, never>> {
    const by = { user: this.#user, time: this.#server.engine.documents.now() };
    await this.#change(thread, ({ resolved: _resolved, ...rest }) => (resolved ? { ...rest, resolved: by } : rest));
    return {};
  }

  async remove(thread: string, id: string | undefined): Promise<Record<string, never>> {
    const moderates = await this.#mayModerate();
    await this.#change(thread, (before) => {
      const gone = before.comments.filter((comment) => id === undefined || comment.id === id);
      if (gone.length === 0) throw new LongwaveError('trimmed', 'There is no such comment.');
      if (!moderates && gone.some(({ user }) => user !== this.#user)) throw new LongwaveError('forbidden');
      const left = before.comments.filter((comment) => !gone.includes(comment));
      return left.length === 0 ? undefined : { ...before, comments: left };
    });
    return {};
  }

  #write(said: string): Comment {
    return { id: makeId(), user: this.#user, text: said, time: this.#server.engine.documents.now() };
  }

  /** Undefined: it goes. Again where somebody else changed it meanwhile. */
  async #change(thread: string, change: (before: CommentThread) => CommentThread | undefined): Promise<void> {
    for (let tries = 1; ; tries++) {
      const { ops } = await this.#server.engine.entries(this.#channel, thread);
      const [before] = ops;
      if (!before) throw new LongwaveError('trimmed', 'There is no such thread.');
      const after = change(decodePayload(before.payload) as CommentThread);
      try {
        await this.#put(thread, after, before.offset);
        return;
      } catch (error) {
        if (!(error instanceof LongwaveError) || error.code !== 'conflict' || tries >= maxTries) throw error;
      }
    }
  }

  async #put(key: string, data: CommentThread | undefined, expect: number): Promise<void> {
    const change = data === undefined ? ({ key, kind: 'delete' } as const) : { key, data };
    await this.#server.engine.change(this.#channel, change, { user: this.#user, expect });
  }
}

function makeId(): string {
  return randomBytes(8).toString('hex');
}
