import { useMessages, usePresence, useTyping } from 'longwave/react';
import { useEffect, useRef } from 'react';
import { useChannel } from './realtime.js';

export function Room({ name, me }: { readonly name: string; readonly me: string }) {
  const channel = useChannel(`chat/${name}`);
  const { messages, outgoing, send, retry, discard } = useMessages(channel, { from: { last: 50 } });
  const { members } = usePresence(channel, { name: me });
  const { typing, onType, onStop } = useTyping(useChannel(`typing/${name}`));
  const end = useRef<HTMLLIElement>(null);
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'end' });
  }, [messages.length, outgoing.length]);

  const submit = (form: FormData): void => {
    const text = String(form.get('text')).trim();
    if (text !== '') send({ text });
    onStop();
  };
  return (
    <section className="room">
      <p className="members">Here: {[...new Set(members.map(({ data }) => data.name))].join(', ')}</p>
      <ol className="messages" aria-live="polite">
        {messages.map(({ data, meta }) => (
          <li key={`${meta.epoch} ${meta.offset}`} className={meta.user === me ? 'mine' : undefined}>
            <b>{meta.user}</b> {data.text}
          </li>
        ))}
        {outgoing.map(({ id, data, error }) => (
          <li key={id} className="mine waiting">
            <b>{me}</b> {data.text}
            {error && (
              <>
                <em>{error.message}</em> <button onClick={() => retry(id)}>Again</button>{' '}
                <button onClick={() => discard(id)}>Drop</button>
              </>
            )}
          </li>
        ))}
        <li ref={end} aria-hidden />
      </ol>
      <form action={submit} className="composer">
        <input name="text" aria-label="Message" maxLength={2000} autoComplete="off" onChange={onType} onBlur={onStop} />
        <button>Send</button>
      </form>
      <p className="typing">{typing.length > 0 && `${typing.join(', ')} typing`}</p>
    </section>
  );
}
