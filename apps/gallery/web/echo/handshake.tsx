import type { ReactElement } from 'react';
import type { EchoState } from './echo.js';

interface HandshakeProps extends Pick<EchoState, 'request' | 'response' | 'status'> {}

export function Handshake({ request, response, status }: HandshakeProps): ReactElement {
  return (
    <section className="panel" aria-labelledby="handshake-title">
      <div className="panel-head">
        <h2 id="handshake-title">Handshake</h2>
      </div>
      <div className="handshake">
        <Head title="Request" note="browser to server" head={request} status={status} />
        <Head title="Response" note="server to browser" head={response} status={status} />
      </div>
    </section>
  );
}

interface HeadProps {
  readonly title: string;
  readonly note: string;
  readonly head: string | undefined;
  readonly status: EchoState['status'];
}

function Head({ title, note, head, status }: HeadProps): ReactElement {
  const [first, ...lines] = head?.split('\r\n') ?? [];
  return (
    <div className="head" data-testid={title.toLowerCase()}>
      <h3>
        {title} <span className="quiet">{note}</span>
      </h3>
      {head === undefined ? (
        <p className="empty">{status === 'closed' ? 'Shown when you connect.' : 'Waiting for the server’s report…'}</p>
      ) : (
        <div className="head-lines">
          <p className="head-first">{first}</p>
          {lines.map((line, index) => {
            const colon = line.indexOf(':');
            return (
              <p key={`${index} ${line}`}>
                <span className="head-name">{line.slice(0, colon + 1)}</span>
                {line.slice(colon + 1)}
              </p>
            );
          })}
        </div>
      )}
    </div>
  );
}
