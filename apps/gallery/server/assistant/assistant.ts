import { LongwaveError, type Server, call } from 'longwave';
import type { GalleryChannels } from '../../shared/channels.js';
import { type AssistantCalls, Question, StopRequest } from '../../shared/assistant/talk.js';
import { PerMinute } from '../per-minute.js';
import type { Model } from './model.js';

/** Answers that are made at a time, of all visitors. */
const maxRunning = 50;
/** Words are gathered for so long: twenty messages a second are as smooth to the eye as a hundred. */
const gatherMs = 50;

interface AssistantOptions {
  readonly server: () => Pick<Server<GalleryChannels>, 'channel'>;
  readonly model: Model;
}

export interface Assistant {
  readonly calls: AssistantCalls;
  /** Ends all answers. */
  close(): void;
}

/** Answers belong to no connection: whoever asked may reload, or leave. */
export function createAssistant({ server, model }: AssistantOptions): Assistant {
  const running = new Map<string, AbortController>();
  const questions = new PerMinute(120);

  // #region teach:assistant-server
  async function answer(talk: string, question: number, text: string, signal: AbortSignal): Promise<void> {
    const parts = server().channel(`assistant-parts/${talk}`);
    let [whole, sent, sentAt] = ['', 0, 0];
    try {
      for await (const token of model(text, signal)) {
        whole += token;
        if (Date.now() - sentAt < gatherMs) continue;
        sentAt = Date.now();
        await parts.publish({ question, text: whole.slice(sent) });
        sent = whole.length;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    const end = signal.aborted ? 'stopped' : 'done';
    await server().channel(`assistant/${talk}`).publish({ role: 'assistant', text: whole.trim(), end });
  }
  // #endregion

  return {
    calls: {
      'assistant/ask': call(Question, async ({ talk, text }) => {
        if (running.has(talk)) throw new LongwaveError('conflict', 'One question at a time.');
        if (running.size >= maxRunning)
          throw new LongwaveError('too-many', 'Too many questions are being answered now.');
        questions.take();
        const stop = new AbortController();
        running.set(talk, stop);
        try {
          const { position } = await server().channel(`assistant/${talk}`).publish({ role: 'user', text });
          void answer(talk, position.offset, text, stop.signal)
            .catch((error: unknown) => console.error('An answer was not stored.', error))
            .finally(() => running.delete(talk));
        } catch (error) {
          running.delete(talk);
          throw error;
        }
        return null;
      }),
      'assistant/stop': call(StopRequest, ({ talk }) => {
        const stop = running.get(talk);
        stop?.abort();
        return stop !== undefined;
      }),
    },
    close: () => {
      for (const stop of running.values()) stop.abort();
    },
  };
}
