/** Whether somebody can see the page. */
export interface PageVisibility {
  readonly isVisible: () => boolean;
  /** Calls `listener` when it changes. Returns how to stop. */
  readonly subscribe: (listener: () => void) => () => void;
}

export const pageVisibility: PageVisibility = {
  isVisible: () => document.visibilityState === 'visible',
  subscribe: (listener) => {
    document.addEventListener('visibilitychange', listener);
    return () => document.removeEventListener('visibilitychange', listener);
  },
};
