import { useEffect, useState } from 'react';

/** Whether `progress` has not changed for `afterMs` while `isRunning`. */
export function useStalled(isRunning: boolean, progress: number, afterMs: number): boolean {
  const [isStalled, setStalled] = useState(false);
  useEffect(() => {
    setStalled(false);
    if (!isRunning) return undefined;
    const timer = setTimeout(() => setStalled(true), afterMs);
    return () => clearTimeout(timer);
  }, [isRunning, progress, afterMs]);
  return isStalled;
}
