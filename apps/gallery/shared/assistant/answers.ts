/** Words that a question may have, and the answer to it. The first that fits is given. */
const answers: readonly (readonly [words: RegExp, answer: string])[] = [
  [
    /\b(reload|tab|close|resume)/i,
    'Reload this page now, while I am in the middle of a sentence. The answer is made on the server, and its words are messages of a log, so they do not ' +
      'belong to the tab that asked. The tab that comes back reads the log from its start, shows every word that was said meanwhile, and goes on with the next ' +
      'ones as they come. A second tab does the same. Both of them show the same words in the same order, and neither of them asked me twice.',
  ],
  [
    /\b(network|offline|cut|tunnel|connection)/i,
    'Cut the network with the button above, and count to ten. I go on talking all the same: nobody told me that you left. When the network is back, the tab ' +
      'says to the server how far it had come, and the server sends the words from there on, each of them once. If you had lost so many words that they are no ' +
      'longer kept, the tab would be told that with one event, and would begin at the oldest word that is there, instead of going on as if nothing had been.',
  ],
  [
    /\b(kill|crash|die|dies|dead|restart|server)/i,
    'If you kill the server while I talk, I end in the middle of a word: I am a generator in the memory of that process. All that I had said is on the disk, ' +
      'and the page shows it when the next process is there, a moment later. The page sees that the rest does not come, and offers to ask again. A real ' +
      'application would put questions into a queue, from which another process takes up what was left.',
  ],
];

const other =
  'I am no model: I know four answers, and choose one of them by a word in your question. What you see is the way that any model takes to a page. The server ' +
  'reads tokens, gathers them for a twentieth of a second, and publishes them to a log. When the answer is whole, it stands in a second log as one message, ' +
  'which is kept for longer. Ask me what happens when you reload the page, when the network is cut, or when the server dies.';

/** The answer to a question, whole. */
export function answerTo(question: string): string {
  return answers.find(([words]) => words.test(question))?.[1] ?? other;
}
