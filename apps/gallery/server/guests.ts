import { type Action, LongwaveError } from 'longwave';
import { guestToken, isRoomName } from '../shared/chat.js';
import { isDocumentName } from '../shared/documents.js';
import { parseRoom } from '../shared/rooms/open-room.js';
import { isTalkName } from '../shared/assistant/talk.js';
import { labIdPattern } from '../shared/compare-limits.js';
import { matchIdPattern } from '../shared/scores/limits.js';
import { isSymbol } from '../shared/ticker/companies.js';
import { traceIdPattern } from '../shared/trace-limits.js';

/** A reader needs no name; a writer takes one, unproven: this is a demonstration (see `guestToken`). */
export function authenticateGuest(token: string | undefined): { user?: string } {
  if (token === undefined || token === '') return {};
  const user = guestToken.decode(token);
  if (user === undefined) throw new LongwaveError('unauthenticated', 'The token is not of the form guest:<name>.');
  return { user };
}

/** Traces and labs can only be watched, and only by who knows their id; rooms and documents are written by who has a name; games are played, and the market is watched, by all. */
export function mayGuest(user: string | undefined, action: Action, channel: string): boolean {
  const [area = '', name = ''] = channel.split('/');
  switch (area) {
    // #region teach:chat-server
    case 'chat':
      return isRoomName(name) && (action === 'subscribe' || action === 'history' || user !== undefined);
    case 'chat-typing':
    case 'chat-read':
    case 'chat-marks':
      // `checkChat` checks more for these.
      return isRoomName(name) && (action === 'subscribe' || (action === 'publish' && user !== undefined));
    // #endregion
    case 'write':
    case 'board':
      return isDocumentName(name) && (action === 'subscribe' || action === 'history' || user !== undefined);
    case 'write-comments':
      // Calls write them.
      return isDocumentName(name) && action === 'subscribe';
    case 'write-titles':
      return action === 'subscribe';
    case 'echo':
      return action === 'subscribe' && traceIdPattern.test(name);
    case 'compare':
      return action === 'subscribe' && labIdPattern.test(name);
    case 'quotes':
    case 'market':
      return action === 'subscribe';
    case 'book':
    case 'trades':
      return action === 'subscribe' && isSymbol(name);
    case 'fleet':
    case 'fleet-events':
    case 'fleet-stats':
    case 'scores':
    case 'news':
      return action === 'subscribe' || action === 'history';
    case 'match':
    case 'commentary':
      return (action === 'subscribe' || action === 'history') && matchIdPattern.test(name);
    case 'arena':
    case 'four':
      // Guests without a name play too.
      return parseRoom(channel) !== undefined && (action === 'subscribe' || action === 'presence');
    case 'lobby':
      return action === 'subscribe';
    case 'assistant':
    case 'assistant-parts':
      // A talk is read by all who know its name, and written by calls.
      return (action === 'subscribe' || action === 'history') && isTalkName(name);
    case '@me':
      return (action === 'subscribe' || action === 'history') && user !== undefined;
    case 'inbox-seen':
      // `checkSeen` checks more.
      return user !== undefined && (action === 'subscribe' || action === 'publish');
    default:
      return false;
  }
}
