import { setTimeout as pause } from 'node:timers/promises';
import { answerTo } from '../../shared/assistant/answers.js';

/** Tokens of an answer as they are made. */
export type Model = (question: string, signal: AbortSignal) => AsyncIterable<string>;

/** A stand-in for a model: it says an answer that was written before, word by word. No other service is asked. */
export function scriptedModel({ wordMs }: { readonly wordMs: number }): Model {
  return async function* (question, signal) {
    for (const word of answerTo(question).split(/(?<= )/)) {
      await pause(wordMs, undefined, { signal });
      yield word;
    }
  };
}
