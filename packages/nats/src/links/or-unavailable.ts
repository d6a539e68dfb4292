import { LongwaveError } from '@longwave/protocol';

/** Turns a failure in `work` into `unavailable` for the caller, with its cause; a refusal keeps its code. */
export async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LongwaveError) throw error;
    throw new LongwaveError('unavailable', error instanceof Error ? error.message : String(error), { cause: error });
  }
}
