import { useEffect, useMemo } from 'react';

/**
 * Returns the result of `make`, open for as long as the component is there. `make` has to be stable: a module's
 * function, with its options in `options`.
 */
export function useOpened<O, T extends { open(): () => void }>(make: (options: O) => T, options: O): T {
  const values = Object.values(options as object) as unknown[];
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- its members stand for the options
  const made = useMemo(() => make(options), [make, ...values]);
  useEffect(() => made.open(), [made]);
  return made;
}
