import { useCallback, useSyncExternalStore } from 'react';

const tickMs = 250;

/** Whole seconds until `time` (milliseconds since 1970), counted down; 0 without one or when it has passed. */
export function useSecondsUntil(time: number | undefined): number {
  const subscribe = useCallback(
    (onTick: () => void) => {
      if (time === undefined) return () => undefined;
      const timer = setInterval(onTick, tickMs);
      return () => clearInterval(timer);
    },
    [time],
  );
  return useSyncExternalStore(subscribe, () =>
    time === undefined ? 0 : Math.max(0, Math.ceil((time - Date.now()) / 1000)),
  );
}
