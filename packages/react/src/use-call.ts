import type { RequestOptions } from '@longwave/client';
import type { LongwaveError } from '@longwave/protocol';
import { useCallback, useRef, useState } from 'react';
import { toError } from './base/to-error.js';

/** Result of `useCall`: the function that calls, and what became of the last call. */
export type UseCallResult<Args extends readonly unknown[], Output> = {
  /** Begins the call. Resolves and rejects as the call does; the result shows it as well, and a rejection that nobody takes is not reported. */
  readonly call: (...args: Args) => Promise<Output>;
} & (
  | { readonly state: 'idle' | 'pending'; readonly data: Output | undefined; readonly error: undefined }
  | { readonly state: 'done'; readonly data: Output; readonly error: undefined }
  | { readonly state: 'failed'; readonly data: Output | undefined; readonly error: LongwaveError }
);

interface Shown<Output> {
  readonly state: 'idle' | 'pending' | 'done' | 'failed';
  readonly data: Output | undefined;
  readonly error: LongwaveError | undefined;
}

const idle = { state: 'idle', data: undefined, error: undefined } as const;

/**
 * A call to the server, with where it stands: `idle` before the first, `pending`, `done`, or `failed` with an `error`.
 * When several calls run at a time, the last one is shown, and `data` is the result of the last one that succeeded.
 * Nothing is called by rendering: call in a handler or an effect. One that is on its way when the component goes is not
 * withdrawn.
 */
export function useCallOf<Args extends readonly unknown[], Output>(
  run: (...args: Args) => Promise<Output>,
): UseCallResult<Args, Output> {
  const [shown, setShown] = useState<Shown<Output>>(idle);
  const latest = useRef(0);
  const call = useCallback(
    (...args: Args): Promise<Output> => {
      const number = ++latest.current;
      const show = (next: (before: Shown<Output>) => Shown<Output>): void => {
        if (latest.current === number) setShown(next);
      };
      const answer = run(...args);
      show(({ data }) => ({ state: 'pending', data, error: undefined }));
      answer.then(
        (data) => show(() => ({ state: 'done', data, error: undefined })),
        (error: unknown) => {
          show(({ data }) => ({ state: 'failed', data, error: toError(error) }));
        },
      );
      return answer;
    },
    [run],
  );
  return { ...shown, call } as UseCallResult<Args, Output>;
}

/** Another time limit is that of the calls that begin after it. */
export type UseCallOptions = Pick<RequestOptions, 'timeout'>;
