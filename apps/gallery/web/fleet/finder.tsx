import { type KeyboardEvent, type ReactElement, useId, useState } from 'react';
import { type Found, type Seen, find } from './find.js';
import { fenceWords, nameOf, routeWords } from './words.js';

interface FinderProps {
  /** Vehicles on the map, the nearest to its middle first. */
  readonly seen: () => readonly Seen[];
  readonly onChoose: (found: Found) => void;
}

/** A search by keyboard: arrow keys go through what was found, Enter goes there, Escape closes. */
export function Finder({ seen, onChoose }: FinderProps): ReactElement {
  const [text, setText] = useState('');
  const [found, setFound] = useState<readonly Found[]>();
  const [active, setActive] = useState(-1);
  const id = useId();
  const optionId = (index: number): string => `${id}-${index}`;

  const search = (typed: string): void => {
    setText(typed);
    setFound(find(typed, seen()));
    setActive(typed.trim() === '' ? -1 : 0);
  };
  const close = (): void => setFound(undefined);
  const choose = (chosen: Found | undefined): void => {
    if (!chosen) return;
    close();
    setText('');
    onChoose(chosen);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (!found) search(text);
      else if (found.length > 0) setActive((at) => (at + step + found.length) % found.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(found?.[active]);
    } else if (event.key === 'Escape') close();
  };

  return (
    <div className="finder">
      <label htmlFor={`${id}-input`}>Find</label>
      <input
        id={`${id}-input`}
        type="text"
        role="combobox"
        autoComplete="off"
        spellCheck={false}
        placeholder="S42, Singapore, JFK, Panama…"
        aria-expanded={found !== undefined}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={found?.[active] ? optionId(active) : undefined}
        value={text}
        onChange={({ target }) => search(target.value)}
        onFocus={() => search(text)}
        onBlur={close}
        onKeyDown={onKeyDown}
      />
      {found && (
        <div id={`${id}-list`} role="listbox" aria-label="Found" className="found">
          {found.length === 0 && <p className="empty">Nothing is called that.</p>}
          {found.map((each, index) => (
            // The keyboard chooses in the input above; a press must not take the focus from it.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the input has them
            <div
              key={`${each.kind}-${each.id}`}
              id={optionId(index)}
              role="option"
              aria-selected={index === active}
              tabIndex={-1}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => choose(each)}
            >
              <span>{titleOf(each)}</span>
              <span className="quiet">{detailOf(each)}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

function titleOf(found: Found): string {
  switch (found.kind) {
    case 'vehicle':
      return nameOf(found.id);
    case 'place':
      return found.place.name;
    case 'fence':
      return found.fence.name;
  }
}

function detailOf(found: Found): string {
  switch (found.kind) {
    case 'vehicle':
      return found.vehicle ? routeWords(found.vehicle) : 'wherever it is';
    case 'place':
      return `${found.place.kind} ${found.place.code}, ${found.place.country}`;
    case 'fence':
      return `fence: ${fenceWords(found.fence)}`;
  }
}
