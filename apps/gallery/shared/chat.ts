/** Rules that both ends of the chat share, free of dependencies: the page checks as the server does. */

export const maxTextLength = 2000;
export const maxNameLength = 32;
export const maxRoomLength = 40;

/** The rooms that everybody sees in the list; any other valid name makes a room. */
export const publicRooms: readonly string[] = ['lobby', 'random', 'help'];

const namePattern = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} ._'-]*[\p{L}\p{M}\p{N}.])?$/u;
const roomPattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** A display name as it is stored (one form of each letter, single spaces), or undefined when it is not one. */
export function cleanName(text: string): string | undefined {
  const name = text.normalize('NFC').trim().replace(/\s+/gu, ' ');
  return name.length <= maxNameLength && namePattern.test(name) ? name : undefined;
}

export function isRoomName(text: string): boolean {
  return text.length <= maxRoomLength && roomPattern.test(text);
}

/** Turns what somebody typed ("Team Blue!") into the name of a room ("team-blue"), or undefined when nothing is left. */
export function cleanRoom(text: string): string | undefined {
  const room = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9\s_-]/g, '')
    .trim()
    .replace(/[\s_-]+/g, '-')
    .replace(/^-|-$/g, '');
  return isRoomName(room) ? room : undefined;
}

/**
 * The gallery's identity is a display name that anybody may take: enough for a demonstration, and never
 * enough for anything else. A real application hands out signed tokens here.
 */
export const guestToken = {
  encode: (name: string): string => `guest:${name}`,
  /** The name that a token carries, or undefined when the token is none of ours. */
  decode: (token: string): string | undefined => {
    if (!token.startsWith('guest:')) return undefined;
    const name = token.slice('guest:'.length);
    return cleanName(name) === name ? name : undefined;
  },
};

export const reactions = ['👍', '❤️', '😂', '🎉', '👀', '🙏'] as const;
export type Reaction = (typeof reactions)[number];

export interface MarkAddress {
  /** `epoch:offset` of the message. */
  readonly message: string;
  readonly epoch: string;
  readonly offset: number;
  readonly user: string;
}

/** The key of what `user` has put on a message. No two users write to one entry, so nobody undoes another's. */
export function markKey(message: string, user: string): string {
  return `${message}/${user}`;
}

/** Undefined when it is no key of a mark. A name has no slash. */
export function parseMarkKey(key: string): MarkAddress | undefined {
  const [, epoch, digits, user] = /^(.+):([1-9]\d{0,14})\/([^/]+)$/.exec(key) ?? [];
  if (epoch === undefined || digits === undefined || user === undefined) return undefined;
  return { message: `${epoch}:${digits}`, epoch, offset: Number(digits), user };
}
