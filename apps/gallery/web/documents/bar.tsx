import { type KeyboardEvent, type ReactElement, type ReactNode, useRef } from 'react';

interface BarProps {
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}

/** Buttons in a row: the arrow keys go from one to the next. */
export function Bar({ label, className, children }: BarProps): ReactElement {
  const bar = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined || event.target instanceof HTMLSelectElement) return;
    event.preventDefault();
    const buttons = [...bar.current!.querySelectorAll<HTMLElement>('button:not(:disabled), select')];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    buttons[(at + by + buttons.length) % buttons.length]?.focus();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- its buttons have the focus
    <div ref={bar} role="toolbar" aria-label={label} className={`bar ${className}`} onKeyDown={onKeyDown}>
      {children}
    </div>
  );
}

interface BarButtonProps {
  readonly label: string;
  /** The keys that do the same. */
  readonly hint?: string;
  readonly isPressed?: boolean;
  readonly isDisabled?: boolean;
  readonly onPress: () => void;
  readonly children: ReactNode;
}

export function BarButton({ label, hint, isPressed, isDisabled, onPress, children }: BarButtonProps): ReactElement {
  return (
    <button
      type="button"
      className="bar-button"
      aria-label={label}
      title={hint === undefined ? label : `${label} (${hint})`}
      aria-pressed={isPressed}
      disabled={isDisabled}
      // The text keeps its selection.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
