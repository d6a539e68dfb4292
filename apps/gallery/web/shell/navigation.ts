/** A page of the gallery, as the menu and the start page tell of it. */
export interface Example {
  /** The first part of its path. */
  readonly area: string;
  /** Parts of paths that belong to it as well. */
  readonly also?: readonly string[];
  readonly href: string;
  readonly title: string;
  /** A few words for the menu. */
  readonly line: string;
  /** A few sentences for its card. */
  readonly text: string;
  /** The page of the documentation that builds one from nothing. */
  readonly guide?: string;
}

interface ExampleGroup {
  readonly title: string;
  readonly examples: readonly Example[];
}

/** Every example, in the order in which a newcomer may want to see them. */
export const exampleGroups: readonly ExampleGroup[] = [
  {
    title: 'Together',
    examples: [
      {
        area: 'chat',
        href: '/chat/lobby',
        title: 'Chat',
        guide: '/docs/guides/chat',
        line: 'Rooms with history',
        text: 'Rooms with history. Open it in two tabs, cut the network, keep typing, come back: what you wrote is stored once and what you missed is there.',
      },
      {
        area: 'write',
        href: '/write/welcome',
        title: 'Write',
        guide: '/docs/guides/documents',
        line: 'One text, many carets',
        text: 'A document that many people write at once, with their carets, comments and an undo that leaves the work of others alone. Go on writing without a connection: the page says what is stored, and what is not yet.',
      },
      {
        area: 'board',
        href: '/board/welcome',
        title: 'Board',
        guide: '/docs/guides/documents',
        line: 'A shared whiteboard',
        text: 'A whiteboard: shapes, arrows that stick to them, notes and a pen, with the pointers of everybody who is there. It works with a mouse, a finger and the keyboard alone, and gives you its picture as SVG.',
      },
    ],
  },
  {
    title: 'Live data',
    examples: [
      {
        area: 'ticker',
        href: '/ticker',
        title: 'Ticker',
        guide: '/docs/guides/ticker',
        line: '500 quotes, at your rate',
        text: 'The quotes of 500 invented companies, thousands of updates a second. You say how often you want them, and the server merges the rest away: at any rate, what you see is the latest.',
      },
      {
        area: 'fleet',
        href: '/fleet',
        title: 'Fleet',
        guide: '/docs/guides/fleet',
        line: '20,000 on a map',
        text: '20,000 ships and aircraft on a map of the world. The page gets what its map shows, and no more often than it can be seen: what that saves is counted on the page.',
      },
      {
        area: 'scores',
        href: '/scores',
        title: 'Scores',
        guide: '/docs/guides/scores',
        line: 'A league and its news',
        text: 'A round of an invented league, live: scoreboard, commentary and headlines. Take the desk and enter what happens, correct it, withdraw it, and see what becomes of two operators who do so at once.',
      },
    ],
  },
  {
    title: 'For one',
    examples: [
      {
        area: 'assistant',
        href: '/assistant',
        title: 'Assistant',
        guide: '/docs/guides/assistant',
        line: 'An answer, word by word',
        text: 'An assistant that streams its answer. Reload in the middle of it, open a second tab, cut the network, stop it: all tabs show the same words, once. It knows four answers by heart, and asks no other service.',
      },
      {
        area: 'inbox',
        href: '/inbox',
        title: 'Inbox',
        guide: '/docs/guides/inbox',
        line: 'Notifications and a count',
        text: 'Notifications for one name on all its devices, with a count of what is new. Read them in one tab, and it goes down in the other; be away, and they are there when you are back.',
      },
    ],
  },
  {
    title: 'Games',
    examples: [
      {
        area: 'play',
        href: '/play/main',
        title: 'Arena',
        guide: '/docs/guides/games',
        line: 'Sixty steps a second',
        text: 'An arena for up to a hundred ships, that the server steps sixty times a second. Make the network worse while you play, switch prediction and interpolation off, and see what each of them is for.',
      },
      {
        area: 'lobby',
        also: ['four'],
        href: '/lobby',
        title: 'Lobby',
        guide: '/docs/guides/games',
        line: 'Open rooms, four in a row',
        text: 'The rooms that are open now, of the arena and of four in a row: open one, join one, or watch. Two play a table, and everybody else sees each disc fall.',
      },
    ],
  },
  {
    title: 'Under the hood',
    examples: [
      {
        area: 'echo',
        href: '/echo',
        title: 'Echo',
        line: 'A WebSocket, byte by byte',
        text: 'A plain WebSocket with nothing on top. The server greets, returns what it gets, and shows you the handshake and every frame as it stood on the wire, byte by byte.',
      },
      {
        area: 'compare',
        href: '/compare',
        title: 'Compare',
        line: 'Four transports, one feed',
        text: 'Polling, long polling, an HTTP stream and a WebSocket, side by side on the same feed. Choose how fast it runs and how bad the network is, and see what each of them costs, measured as you look.',
      },
    ],
  },
];

/** Pages beside the examples, which a server sends by itself: each is a full load. */
export const references: readonly { readonly href: string; readonly title: string }[] = [
  { href: '/docs/', title: 'Docs' },
];

/** The example that a path belongs to, by the first part of the path. */
export function exampleOf(area: string): Example | undefined {
  return exampleGroups
    .flatMap(({ examples }) => examples)
    .find((example) => example.area === area || example.also?.includes(area));
}
