import { type ReactNode, StrictMode, createElement, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { onTestFinished } from 'vitest';

export interface RenderHookOptions {
  /** Mounts everything twice, as React does in development. Default false. */
  readonly strict?: boolean;
  readonly wrap?: (child: ReactNode) => ReactNode;
}

/** A component that does nothing but call `hook`, in a page, with React's own scheduling. */
export function renderHook<Props, Result>(
  hook: (props: Props) => Result,
  first: NoInfer<Props>,
  { strict = false, wrap = (child) => child }: RenderHookOptions = {},
) {
  /** Results of the hook, one for each commit of a render. */
  const results: Result[] = [];
  let notice = (): void => undefined;

  function Probe({ props }: { readonly props: Props }): undefined {
    const result = hook(props);
    useEffect(() => {
      results.push(result);
      notice();
    });
  }

  const root = createRoot(document.createElement('div'));
  onTestFinished(() => root.unmount());
  let key = 0;
  const rerender = (props: Props): void => {
    const tree = wrap(createElement(Probe, { key, props }));
    root.render(strict ? createElement(StrictMode, null, tree) : tree);
  };
  rerender(first);
  return {
    results,
    rerender,
    /** Another component of the same kind takes its place. */
    replace: (props: Props) => {
      key++;
      rerender(props);
    },
    /** Resolves with the last result once it is as `condition` says. */
    until: async (condition: (result: Result) => boolean): Promise<Result> => {
      for (;;) {
        const last = results.at(-1);
        if (last !== undefined && condition(last)) return last;
        await new Promise<void>((resolve) => (notice = resolve));
      }
    },
    unmount: () => root.unmount(),
  };
}
