import { type FormEvent, type ReactElement, useId, useState } from 'react';
import { findCompanies } from '../../shared/ticker/companies.js';

interface AddSymbolProps {
  readonly listed: readonly string[];
  readonly onAdd: (symbol: string) => void;
}

const offered = 6;

/** Finds companies as one types; Enter adds the first of them. */
export function AddSymbol({ listed, onAdd }: AddSymbolProps): ReactElement {
  const [text, setText] = useState('');
  const id = useId();
  const found = findCompanies(text, offered + listed.length)
    .filter(({ symbol }) => !listed.includes(symbol))
    .slice(0, offered);

  const add = (symbol: string): void => {
    onAdd(symbol);
    setText('');
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    const [first] = found;
    if (first) add(first.symbol);
  };
  return (
    <form className="add-symbol" onSubmit={onSubmit}>
      <label htmlFor={id}>Add a company</label>
      <div className="field-row">
        <input
          id={id}
          value={text}
          autoComplete="off"
          spellCheck={false}
          placeholder="Symbol or name"
          onChange={({ target }) => setText(target.value)}
        />
        <button type="submit" className="button" disabled={found.length === 0}>
          Add
        </button>
      </div>
      <ul aria-label="Companies found">
        {found.map(({ symbol, name }) => (
          <li key={symbol}>
            <button type="button" className="link-button" onClick={() => add(symbol)}>
              {symbol} {name}
            </button>
          </li>
        ))}
      </ul>
      {text.trim() !== '' && found.length === 0 && <p className="quiet">No other company is called that.</p>}
    </form>
  );
}
