import { useMap, useMessages } from 'longwave/react';
import { type ReactElement, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { type NoticeKind, noticeKinds } from '../../shared/inbox/notice.js';
import { NameForm } from '../chat/name-form.js';
import { ageWords } from '../lib/age-words.js';
import { messageOf } from '../lib/message-of.js';
import { randomHex } from '../lib/random-hex.js';
import { useNow } from '../lib/use-now.js';
import { useConnection, useSession, useSessions } from '../session/session-context.js';
import { AgeNote } from '../shell/age-note.js';
import { useTitle } from '../shell/use-title.js';
import '../styles/inbox.css';

export function InboxPage(): ReactElement {
  const { name } = useSession();
  return (
    <div className="inbox">
      <header className="page-head">
        <h1>Inbox</h1>
        <p>
          Notifications for one name, on all its devices: open a second tab, read here, and the count goes down there.
          Notifications that come while you are away are there when you are back.
        </p>
      </header>
      <AgeNote />
      {name === undefined ? <Nobody /> : <Notices key={name} name={name} />}
    </div>
  );
}

function Nobody(): ReactElement {
  useTitle('Inbox');
  const sessions = useSessions();
  return (
    <section className="panel" aria-labelledby="inbox-title">
      <h2 id="inbox-title">Whose inbox?</h2>
      <NameForm current={undefined} onChoose={sessions.rename} />
    </section>
  );
}

function Notices({ name }: { readonly name: string }): ReactElement {
  // #region teach:inbox-client
  const { client } = useSession();
  const inbox = useMemo(() => client.channel('@me'), [client]);
  const seen = useMemo(() => client.channel('inbox-seen'), [client]);
  const { messages, state, error } = useMessages(inbox, { from: 'start', keep: 100 });
  const { entries } = useMap(seen, { keys: [name] });
  const mark = entries.get(name);
  const isNew = ({ epoch, offset }: { epoch: string; offset: number }): boolean =>
    mark?.epoch !== epoch || offset > mark.offset;
  const unread = messages.filter(({ meta }) => isNew(meta)).length;
  /** All that came before it is read as well. Without a connection it is sent later. */
  const read = ({ epoch, offset }: { epoch: string; offset: number }): void => {
    if (isNew({ epoch, offset })) void seen.put(name, { epoch, offset }).catch(() => undefined);
  };
  // #endregion
  const now = useNow();
  const newest = messages.at(-1);
  useTitle(unread > 0 ? `(${unread}) Inbox` : 'Inbox');
  return (
    <>
      <section className="panel inbox-notices" aria-labelledby="inbox-title">
        <div className="panel-head">
          <h2 id="inbox-title">
            {name} <span className="quiet">has</span>{' '}
            <output data-testid="unread">{unread === 0 ? 'nothing new' : `${unread} new`}</output>
          </h2>
          <button type="button" className="button" disabled={unread === 0} onClick={() => newest && read(newest.meta)}>
            Mark all as read
          </button>
        </div>
        {error && (
          <p className="problem" role="alert">
            {error.message}
          </p>
        )}
        <ul data-testid="notices">
          {messages.toReversed().map(({ data, meta }) => (
            <li key={`${meta.epoch} ${meta.offset}`} className="inbox-notice" data-new={isNew(meta)}>
              <div>
                <Link href={data.href} onClick={() => read(meta)}>
                  {data.title}
                </Link>
                <p className="quiet">{`${ageWords(now - meta.time)} ago`}</p>
              </div>
              {isNew(meta) && <span className="inbox-new">new</span>}
            </li>
          ))}
        </ul>
        {messages.length === 0 && (
          <p className="empty">{state === 'pending' ? 'Asking for it' : 'Nothing yet: notify yourself.'}</p>
        )}
      </section>
      <Notify />
    </>
  );
}

const titles: Readonly<Record<NoticeKind, string>> = { mention: 'A mention', score: 'A goal', text: 'A change' };

function Notify(): ReactElement {
  const { client } = useSession();
  const isConnected = useConnection().status === 'connected';
  const [problem, setProblem] = useState<string>();
  const notify = (kind: NoticeKind, delayMs: number): void => {
    setProblem(undefined);
    client
      .call('inbox/notify', { kind, event: randomHex(8), delayMs })
      .catch((error: unknown) => setProblem(messageOf(error)));
  };
  return (
    <section className="panel" aria-labelledby="notify-title">
      <h2 id="notify-title">Notify me</h2>
      <p className="quiet">
        The server does it, as a job of an application would. In 5 seconds there is time to cut the network, or to
        leave.
      </p>
      <ul className="inbox-acts">
        {noticeKinds.map((kind) => (
          <li key={kind}>
            <button type="button" className="button" disabled={!isConnected} onClick={() => notify(kind, 0)}>
              {titles[kind]}
            </button>
          </li>
        ))}
        <li>
          <button type="button" className="button" disabled={!isConnected} onClick={() => notify('mention', 5000)}>
            In 5 seconds
          </button>
        </li>
      </ul>
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}
