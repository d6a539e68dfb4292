import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Dashboard } from './dashboard.js';
import { LongwaveProvider, client } from './realtime.js';
import './style.css';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <LongwaveProvider client={client}>
      <Dashboard />
    </LongwaveProvider>
  </StrictMode>,
);
