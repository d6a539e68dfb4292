/** Words that a question may have, and what the bot says to them. The first that fits is said. */
const answers: readonly (readonly [words: RegExp, answer: string])[] = [
  [
    /\b(kill|crash|die|dies|dead|restart)/i,
    'Press “Kill the server”. I end with it, and so does every connection. A second later each tab goes on at its position: nothing is lost, and nothing comes twice.',
  ],
  [
    /\b(offline|network|cut|tunnel|connection)/i,
    'Press “Cut the network” and go on writing. What you write waits in the tab, is sent when the network is back, and is stored once.',
  ],
  [
    /\b(history|scroll|old|keep|kept|stored)/i,
    'A room is a log of 10,000 messages. A tab asks for the last 50 and remembers its position in it; scrolling up asks for older pages.',
  ],
  [
    /\b(code|source|how|work)/i,
    '“Show the code” has the contract, the server and the client of this page, as they stand in the sources. I am in its server part.',
  ],
  [/\b(who|bot|you)\b/i, 'I am a few lines of the server: I read this log like any subscriber, and write into it.'],
];

const greeting = /^\W*(hello|hi|hey|hallo|good (morning|evening|day))\b/i;
const topics = 'Ask me about history, about the network, or what happens when the server dies.';

/** The bot's answer to a message, or undefined: it does not meddle in what people say to each other. `always` where it is asked for help. */
export function answerTo(
  text: string,
  { user, always }: { readonly user: string; readonly always: boolean },
): string | undefined {
  if (greeting.test(text)) return `Hello, ${user}. ${topics}`;
  if (!always && !text.includes('?') && !/\bbot\b/i.test(text)) return undefined;
  return answers.find(([words]) => words.test(text))?.[1] ?? `That is beyond me, ${user}. ${topics}`;
}
