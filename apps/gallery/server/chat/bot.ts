import type { Server } from 'longwave';
import type { GalleryChannels } from '../../shared/channels.js';
import { publicRooms } from '../../shared/chat.js';
import { answerTo } from './answers.js';

export const botName = 'Marconi the bot';

/** It is seen to type for so long. */
const typingMs = 900;

const firstWords: Readonly<Record<string, readonly string[]>> = {
  lobby: [
    'Welcome. All that is said here is kept, so come back tomorrow and go on where you were.',
    'Say hello, or open a second tab under another name and talk to yourself.',
  ],
  random: ['Anything goes here.'],
  help: ['Ask me something. How does history work? What happens offline? What if the server dies?'],
};

/** A participant that lives in the server: it opens the rooms that everybody sees, and answers. */
export interface ChatBot {
  /** Says the first words of each room in which nothing was ever said. */
  seed(): Promise<void>;
  /** Listens from now on. Returns how to stop. */
  open(): () => void;
}

export function createChatBot(server: Server<GalleryChannels>, { waitMs = typingMs } = {}): ChatBot {
  const begin = async (room: string): Promise<void> => {
    const channel = server.channel(`chat/${room}`);
    const [first, ...others] = firstWords[room] ?? [];
    if (first === undefined) return;
    // Refused with `conflict` when something was said before, or another node begins at the same time.
    await channel.publish({ text: first }, { user: botName, expect: 0 });
    for (const text of others) await channel.publish({ text }, { user: botName });
  };

  const listen = (room: string): (() => void) => {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    // #region teach:chat-server
    const channel = server.channel(`chat/${room}`);
    const subscription = channel.subscribe((message, { user, epoch, offset }) => {
      if (message === undefined || user === undefined || user === botName || waiting) return;
      const text = answerTo(message.text, { user, always: room === 'help' });
      if (text === undefined) return;
      server.channel(`chat-typing/${room}`).publish({ isTyping: true }, { user: botName }).catch(ignore);
      waiting = setTimeout(() => {
        waiting = undefined;
        // By its id it is stored once, however many nodes hear the question.
        channel.publish({ text }, { user: botName, id: `answer-${epoch}-${offset}` }).catch(ignore);
      }, waitMs);
    });
    // #endregion
    return () => {
      clearTimeout(waiting);
      subscription.unsubscribe();
    };
  };

  return {
    seed: async () => {
      await Promise.allSettled(publicRooms.map(begin));
    },
    open: () => {
      const stops = publicRooms.map(listen);
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

/** A store that is away now answers nobody else either. */
function ignore(): void {}
