import { useEffect } from 'react';
import type { Controls } from './controls.js';

const arrows = /^Arrow/;
const presses: readonly string[] = ['Space', 'Enter'];

/** The keys of the game, wherever the focus is, but for those that the focused element needs itself. */
export function useKeys(controls: Controls, isPlaying: boolean): void {
  useEffect(() => {
    if (!isPlaying) return undefined;
    const down = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isNeeded(event)) return;
      if (controls.keyDown(event.code, performance.now(), event.repeat)) event.preventDefault();
    };
    const up = ({ code }: KeyboardEvent): void => controls.keyUp(code, performance.now());
    const release = (): void => controls.release();
    addEventListener('keydown', down);
    addEventListener('keyup', up);
    addEventListener('blur', release);
    document.addEventListener('visibilitychange', release);
    return () => {
      release();
      removeEventListener('keydown', down);
      removeEventListener('keyup', up);
      removeEventListener('blur', release);
      document.removeEventListener('visibilitychange', release);
    };
  }, [controls, isPlaying]);
}

function isNeeded({ target, code }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) {
    if (target.type === 'range') return arrows.test(code);
    return target.type === 'checkbox' ? presses.includes(code) : true;
  }
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return presses.includes(code) && (target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement);
}
