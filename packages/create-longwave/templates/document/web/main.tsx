import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Notes } from './notes.js';
import { LongwaveProvider, client } from './realtime.js';
import './style.css';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <LongwaveProvider client={client}>
      <Notes id={location.hash.slice(1) || 'welcome'} />
    </LongwaveProvider>
  </StrictMode>,
);
