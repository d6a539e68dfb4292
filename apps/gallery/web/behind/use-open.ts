import { useState } from 'react';
import { createSaved } from '../lib/saved.js';

const saved = createSaved(() => localStorage);
const savedAs = 'behind';

interface Opening {
  readonly isOpen: boolean;
  /** A visitor opened it since the page was loaded. */
  readonly isByHand: boolean;
  readonly toggle: () => void;
}

/**
 * Whether the code stands beside the page: where it takes room from nothing, until somebody closes it, and where somebody opened it before.
 * A narrow window always begins without.
 */
export function useOpen(): Opening {
  const [isOpen, setOpen] = useState(() => {
    if (!matchMedia('(min-width: 75rem)').matches) return false;
    const last = saved.read(savedAs);
    return typeof last === 'boolean' ? last : matchMedia('(min-width: 112rem)').matches;
  });
  const [isByHand, setByHand] = useState(false);
  return {
    isOpen,
    isByHand,
    toggle: () => {
      setOpen(!isOpen);
      setByHand(true);
      saved.write(savedAs, !isOpen);
    },
  };
}
