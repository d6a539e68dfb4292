import type { KeyboardEvent, ReactElement } from 'react';
import { useStore } from '../lib/store.js';
import type { Attendance } from './attendance.js';
import { hueOf } from './hue.js';

/** How many are here, and who when it is opened. */
export function People({
  attendance,
  user,
}: {
  readonly attendance: Pick<Attendance, 'store'>;
  readonly user: string | undefined;
}): ReactElement {
  const people = useStore(attendance.store);

  const onKeyDown = (event: KeyboardEvent<HTMLDetailsElement>): void => {
    if (event.key !== 'Escape') return;
    event.currentTarget.open = false;
    event.currentTarget.querySelector('summary')?.focus();
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- only listens to the keys of its summary
    <details className="people" data-testid="people" onKeyDown={onKeyDown}>
      <summary>{people.length} here</summary>
      <ul aria-label="Who is here">
        {people.map(({ name, isAway }) => (
          <li key={name} className={isAway ? 'person-away' : undefined}>
            <span className={`person-dot hue-${hueOf(name)}`} aria-hidden="true" />
            <bdi>{name}</bdi>
            {name === user && ' (you)'}
            {isAway && <span className="quiet"> away</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}
