import { useMessages } from 'longwave/react';
import { type FormEvent, type ReactElement, useEffect, useMemo, useRef, useState } from 'react';
import { Redirect } from 'wouter';
import { isTalkName, maxQuestionLength } from '../../shared/assistant/talk.js';
import { createSaved } from '../lib/saved.js';
import { messageOf } from '../lib/message-of.js';
import { randomHex } from '../lib/random-hex.js';
import { useConnection, useSession } from '../session/session-context.js';
import { AgeNote } from '../shell/age-note.js';
import { useTitle } from '../shell/use-title.js';
import { unfinished } from './unfinished.js';
import { useStalled } from './use-stalled.js';
import '../styles/assistant.css';

const questions = ['What if I reload now?', 'What if the network is cut?', 'What if the server dies?'] as const;
const saved = createSaved(() => localStorage);
/** After so long without a word the answer is taken for lost. */
const lostAfterMs = 4000;

/** The talk of this browser: all its tabs open the same. */
function ownTalk(): string {
  const known = saved.read('talk');
  if (typeof known === 'string' && isTalkName(known)) return known;
  const made = randomHex(8);
  saved.write('talk', made);
  return made;
}

export function AssistantPage({ id }: { readonly id: string | undefined }): ReactElement {
  if (id === undefined || !isTalkName(id)) return <Redirect to={`/assistant/${ownTalk()}`} replace />;
  return <Talk key={id} id={id} />;
}

function Talk({ id }: { readonly id: string }): ReactElement {
  useTitle('Assistant');
  // #region teach:assistant-client
  const { client } = useSession();
  const talk = useMemo(() => client.channel(`assistant/${id}`), [client, id]);
  const making = useMemo(() => client.channel(`assistant-parts/${id}`), [client, id]);
  const { messages: turns, state } = useMessages(talk, { from: 'start', keep: 200 });
  const { messages: parts } = useMessages(making, { from: 'start', keep: 2000 });
  const growing = unfinished(turns, parts);
  // #endregion
  const [problem, setProblem] = useState<string>();
  const isConnected = useConnection().status === 'connected';
  const isLost = useStalled(growing !== undefined && isConnected, parts.length, lostAfterMs);
  const end = useRef<HTMLDivElement>(null);
  const last = turns.findLast(({ data }) => data.role === 'user')?.data.text;

  useEffect(() => {
    // Nobody is moved who has scrolled up to read.
    const { innerHeight, scrollY } = window;
    if (turns.length > 0 && document.documentElement.scrollHeight - scrollY - innerHeight < 200)
      end.current?.scrollIntoView({ block: 'nearest' });
  }, [turns.length, growing]);

  const ask = (text: string): void => {
    setProblem(undefined);
    client.call('assistant/ask', { talk: id, text }).catch((error: unknown) => setProblem(messageOf(error)));
  };
  const stop = (): void => {
    client.call('assistant/stop', { talk: id }).catch((error: unknown) => setProblem(messageOf(error)));
  };

  return (
    <div className="assistant">
      <header className="page-head">
        <h1>Assistant</h1>
        <p>
          It is no model, and knows four answers: watch how they get here. The server says them word by word, into a
          log. Reload in the middle, open a second tab, cut the network: nothing is missing, and nothing comes twice.
        </p>
      </header>
      <AgeNote />
      <section className="panel" aria-label="Conversation">
        <div role="log" aria-live="polite">
          <ol className="talk" data-testid="turns">
            <li className="turn turn-assistant">
              <p>Hello. Ask me something, and try to make me lose my place.</p>
            </li>
            {turns.map(({ data, meta }) => (
              <li key={`${meta.epoch} ${meta.offset}`} className={`turn turn-${data.role}`}>
                <span className="visually-hidden">
                  {data.role === 'user' ? 'You asked:' : 'The assistant answered:'}
                </span>
                <p>{data.text}</p>
                {data.end === 'stopped' && <p className="quiet">Stopped.</p>}
              </li>
            ))}
          </ol>
        </div>
        {growing !== undefined && (
          <div className="turn turn-assistant" aria-busy={!isLost} data-testid="growing">
            <p>{growing === '' ? '…' : growing}</p>
          </div>
        )}
        <div className="assistant-acts">
          {growing !== undefined && !isLost && (
            <button type="button" className="button" onClick={stop} disabled={!isConnected}>
              Stop
            </button>
          )}
          {isLost && last !== undefined && (
            <>
              <p role="status">The answer does not go on: the process that made it is gone.</p>
              <button type="button" className="button button-primary" onClick={() => ask(last)}>
                Ask again
              </button>
            </>
          )}
        </div>
        <div ref={end} />
        {problem !== undefined && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <Ask onAsk={ask} isOff={state === 'pending' || (growing !== undefined && !isLost)} />
      </section>
    </div>
  );
}

function Ask({ onAsk, isOff }: { readonly onAsk: (text: string) => void; readonly isOff: boolean }): ReactElement {
  const [text, setText] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isOff || text.trim() === '') return;
    onAsk(text);
    setText('');
  };
  return (
    <>
      <ul className="assistant-questions" aria-label="Questions to try">
        {questions.map((question) => (
          <li key={question}>
            <button type="button" className="button" disabled={isOff} onClick={() => onAsk(question)}>
              {question}
            </button>
          </li>
        ))}
      </ul>
      <form className="field-row" onSubmit={submit}>
        <input
          value={text}
          maxLength={maxQuestionLength}
          aria-label="Your question"
          placeholder="Your question"
          autoComplete="off"
          enterKeyHint="send"
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="button button-primary" disabled={isOff}>
          Ask
        </button>
      </form>
    </>
  );
}
