import { type Client, LongwaveError } from 'longwave/client';
import type { channels } from './channels.js';

const notices: Readonly<Record<string, string>> = {
  conflict: 'Too late.',
  forbidden: 'Sign in to play.',
};

/** The page of one quiz, without its pixels. */
export class Buzzer {
  /** The first to press, as everybody sees it. */
  first: string | undefined;
  /** Why the own press did not count. */
  notice = '';
  readonly #channel;

  constructor(client: Client<typeof channels>, quiz: string) {
    this.#channel = client.channel(`buzzer/${quiz}`);
    this.#channel.watchValue((press) => (this.first = press?.name));
  }

  async press(name: string): Promise<void> {
    try {
      // Stored only where nobody has pressed yet.
      await this.#channel.set({ name }, { expect: 0 });
    } catch (error) {
      this.notice = (error instanceof LongwaveError && notices[error.code]) || 'Try again.';
    }
  }
}
