import { useEffect, useState } from 'react';

/** Whether the page has been hidden for so long. */
export function useAway(afterMs: number): boolean {
  const [isAway, setAway] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const follow = (): void => {
      clearTimeout(timer);
      if (document.hidden) timer = setTimeout(() => setAway(true), afterMs);
      else setAway(false);
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', follow);
    };
  }, [afterMs]);
  return isAway;
}
