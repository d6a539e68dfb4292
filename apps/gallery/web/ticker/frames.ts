/** Asks for `callback` before the next picture is painted, as `requestAnimationFrame` does. */
export type RequestFrame = (callback: () => void) => void;

/** However often it is asked for, `work` is done once a frame. */
export function oncePerFrame(requestFrame: RequestFrame, work: () => void): { request(): void; cancel(): void } {
  let isRequested = false;
  let isCancelled = false;
  return {
    request: () => {
      if (isRequested || isCancelled) return;
      isRequested = true;
      requestFrame(() => {
        isRequested = false;
        if (!isCancelled) work();
      });
    },
    cancel: () => {
      isCancelled = true;
    },
  };
}
