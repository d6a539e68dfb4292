import { useEffect } from 'react';

/** Leaves the room when the page is closed: the seat is free at once, and not after the grace. */
export function useLeaveWithPage(room: { leave(): void } | undefined): void {
  useEffect(() => {
    const leave = (): void => room?.leave();
    addEventListener('pagehide', leave);
    return () => removeEventListener('pagehide', leave);
  }, [room]);
}
