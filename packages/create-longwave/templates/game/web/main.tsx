import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Meadow } from './meadow.js';
import { LongwaveProvider, open } from './realtime.js';
import './style.css';

const root = createRoot(document.getElementById('root')!);

function join(form: FormData): void {
  const client = open(String(form.get('name')));
  root.render(
    <StrictMode>
      <LongwaveProvider client={client}>
        <Meadow id="1" />
      </LongwaveProvider>
    </StrictMode>,
  );
}

root.render(
  <form action={join}>
    <h1>{document.title}</h1>
    <label>
      Your name <input name="name" required maxLength={20} autoFocus />
    </label>
    <button>Play</button>
  </form>,
);
