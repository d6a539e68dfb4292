import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { createCable } from './faults/cable.js';
import { createWitness } from './faults/witness.js';
import { createSaved } from './lib/saved.js';
import { createSessions } from './session/session.js';
import { SessionsProvider } from './session/session-context.js';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/behind.css';
import './styles/home.css';
import './styles/echo.css';
import './styles/chat.css';
import './styles/chat-marks.css';
import 'uplot/dist/uPlot.min.css';
import './styles/compare.css';
import './styles/ticker.css';

const sessions = createSessions({
  url: location.origin,
  saved: createSaved(() => localStorage),
  tab: createSaved(() => sessionStorage),
  cable: createCable(),
  witness: createWitness(),
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <SessionsProvider value={sessions}>
      <App />
    </SessionsProvider>
  </StrictMode>,
);
