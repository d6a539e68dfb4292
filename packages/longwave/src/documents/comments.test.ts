import { call, createServer, defineChannels, doc, map } from 'longwave';
import { connect } from 'longwave/client';
import { type CommentContext, type CommentThread, comments, yjs } from 'longwave/yjs/server';
import { describe, expect, it, onTestFinished } from 'vitest';

const channels = defineChannels({ 'doc/:id': doc(), 'comments/:id': map() });
const asked: CommentContext[] = [];
const roles: Readonly<Record<string, string>> = { ada: 'owner', bob: 'comment', cy: 'comment', eve: 'read' };

async function createScene() {
  const notes = comments({
    document: 'doc/:id',
    comments: 'comments/:id',
    may(context) {
      asked.push(context);
      const role = roles[context.user!];
      return (
        role === 'owner' || (role === 'comment' && context.action === 'comment' && context.params['id'] !== 'secret')
      );
    },
  });
  const server = createServer({
    channels,
    documents: yjs(),
    authenticate: (token) => ({ user: token }),
    calls: {
      ...notes.calls,
      ping: call({ '~standard': { version: 1, vendor: 'x', validate: (value) => ({ value }) } }, () => 1),
    },
    on: notes.hooks,
  });
  notes.open(server);
  onTestFinished(() => server.close());
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const join = (token?: string) => {
    const client = connect<typeof channels, typeof notes.calls>(
      `http://127.0.0.1:${port}`,
      token === undefined ? {} : { token },
    );
    onTestFinished(() => client.close());
    return client;
  };
  const threads = async (): Promise<readonly (CommentThread & { id: string })[]> =>
    (await server.channel('comments/a').entries()).map(({ key, value }) => ({ ...(value as CommentThread), id: key }));
  return { server, join, threads, notes };
}

const document = 'doc/a';

describe('comments', () => {
  it('are begun, answered, resolved, opened again and deleted by calls, in the name of who calls', async () => {
    const { join, threads } = await createScene();
    const [ada, bob] = [join('ada'), join('bob')];
    const { thread } = await bob.call('addComment', { document, text: 'Why?', anchor: 'AAEC', quote: 'because' });
    const { comment } = await ada.call('replyToComment', { document, thread, text: 'So.' });
    expect(await threads()).toMatchObject([
      {
        id: thread,
        anchor: 'AAEC',
        quote: 'because',
        comments: [
          { user: 'bob', text: 'Why?' },
          { id: comment, user: 'ada', text: 'So.' },
        ],
      },
    ]);
    await bob.call('resolveComments', { document, thread });
    expect((await threads())[0]!.resolved).toMatchObject({ user: 'bob' });
    await ada.call('resolveComments', { document, thread, resolved: false });
    expect((await threads())[0]!.resolved).toBeUndefined();
    await ada.call('deleteComment', { document, thread, comment });
    expect((await threads())[0]!.comments).toHaveLength(1);
    await bob.call('deleteComment', { document, thread });
    expect(await threads()).toEqual([]);
    await expect(bob.call('replyToComment', { document, thread, text: 'x' })).rejects.toMatchObject({
      code: 'trimmed',
    });
  });

  it('are refused to those who may not, and deleted by their writer and those who moderate', async () => {
    const { join, threads } = await createScene();
    const forbidden = { code: 'forbidden' };
    await expect(join('eve').call('addComment', { document, text: 'x' })).rejects.toMatchObject(forbidden);
    await expect(join().call('addComment', { document, text: 'x' })).rejects.toMatchObject(forbidden);
    const bob = join('bob');
    await expect(bob.call('addComment', { document: 'doc/secret', text: 'x' })).rejects.toMatchObject(forbidden);
    await expect(bob.call('addComment', { document: 'comments/a', text: 'x' })).rejects.toMatchObject(forbidden);
    const { thread } = await bob.call('addComment', { document, text: 'mine' });
    await expect(join('cy').call('deleteComment', { document, thread })).rejects.toMatchObject(forbidden);
    await join('ada').call('deleteComment', { document, thread });
    expect(await threads()).toEqual([]);
  });

  it('nobody else writes to their channel', async () => {
    const { join, threads } = await createScene();
    const forged = join('ada')
      .channel('comments/a')
      .put('x', { comments: [{ user: 'bob', text: 'forged' }] });
    await expect(forged).rejects.toMatchObject({ code: 'forbidden' });
    expect(await threads()).toEqual([]);
  });

  it('replies that come at once are all there', async () => {
    const { join, threads } = await createScene();
    const [ada, bob] = [join('ada'), join('bob')];
    const { thread } = await ada.call('addComment', { document, text: 'first' });
    await Promise.all(
      Array.from({ length: 8 }, async (_, i) =>
        (i % 2 ? ada : bob).call('replyToComment', { document, thread, text: `${i}` }),
      ),
    );
    expect((await threads())[0]!.comments.map(({ text }) => text).toSorted()).toEqual([...'01234567', 'first']);
  });

  it('refuse what is none', async () => {
    const { join } = await createScene();
    const ada = join('ada');
    const odd = [
      { text: '' },
      { text: 'x'.repeat(2001) },
      { text: 'x', anchor: '???' },
      { text: 'x', anchor: 'A'.repeat(1001) },
      { text: 'x', by: 'bob' },
    ];
    for (const input of odd)
      await expect(ada.call('addComment', { document, ...input })).rejects.toMatchObject({ code: 'invalid-data' });
  });

  it('say what is wrong with their options', async () => {
    const may = () => true;
    expect(() => comments({ document: 'doc/:id', comments: 'comments/:other', may })).toThrow('same parameters');
    expect(() => comments({ document: 'doc/:id' } as never)).toThrow('comments is undefined');
    const notes = comments({ document: 'doc/:id', comments: 'comments/:id', may });
    const early = notes.calls.addComment.handle({ document, text: 'x' }, { user: 'ada' } as never);
    await expect(early).rejects.toMatchObject({ code: 'unavailable' });
  });
});
