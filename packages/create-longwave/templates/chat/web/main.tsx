import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Chat } from './chat.js';
import { LongwaveProvider, openClient } from './realtime.js';
import { type Session, forgetSession, loadSession } from './session.js';
import { SignIn } from './sign-in.js';
import './style.css';

const root = createRoot(document.getElementById('root')!);

function show(session: Session | undefined): void {
  if (!session) return root.render(<SignIn onSignIn={show} />);
  const client = openClient(session, signOut);
  root.render(
    <StrictMode>
      <LongwaveProvider client={client}>
        <Chat
          me={session.user}
          onSignOut={() => {
            client.close();
            signOut();
          }}
        />
      </LongwaveProvider>
    </StrictMode>,
  );
}

function signOut(): void {
  forgetSession();
  show(undefined);
}

show(loadSession());
