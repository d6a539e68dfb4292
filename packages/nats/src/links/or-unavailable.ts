import { LongwaveError } from '@longwave/protocol';

/** What fails in `work` is `unavailable` to whoever asked, with what went wrong; what is refused keeps its code. */
export async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LongwaveError) throw error;
    throw new LongwaveError('unavailable', error instanceof Error ? error.message : String(error), { cause: error });
  }
}
