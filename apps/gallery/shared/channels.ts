import { defineChannels, doc, log, map, signal, value } from 'longwave/contract';
import { ChatMember, ChatMessage, Mark, ReadPosition, TypingSignal } from './chat-messages.js';
import { LabReport } from './compare.js';
import { keptTrades } from './ticker/limits.js';
import { LevelSize, MarketReport, Quote, Trade } from './ticker/market.js';
import { FleetEvent, FleetStats, Vehicle } from './fleet/fleet.js';
import { CommentaryEntry } from './scores/commentary.js';
import { Headline, Match, MatchDetails } from './scores/match.js';
import { TraceEvent } from './trace-event.js';
import { DocumentTitle, WriteThread } from './document-messages.js';
import { maxThreads } from './write-comments.js';
import { maxDocumentBytes } from './documents.js';
import { arena } from './arena/arena.js';
import { four } from './four/four.js';
import { OpenRoom } from './rooms/open-room.js';
import { Part, Turn } from './assistant/talk.js';
import { Notice, Seen } from './inbox/notice.js';

/** The contract of the gallery: the server enforces it, the pages take their types from it. */
export const channels = defineChannels({
  // #region teach:chat-contract
  'chat/:room': log({
    message: ChatMessage,
    retain: { maxCount: 10_000, age: '30d' },
    presence: ChatMember,
    // Authors delete what they said.
    redactable: true,
  }),
  'chat-typing/:room': signal({ message: TypingSignal }),
  'chat-read/:room': map({ value: ReadPosition }),
  'chat-marks/:room': map({ value: Mark, maxKeys: 50_000 }),
  // #endregion
  // #region teach:echo-contract
  'echo/:trace': log({ message: TraceEvent, retain: { maxCount: 500, age: '10m' } }),
  // #endregion
  'compare/:lab': log({ message: LabReport, retain: { maxCount: 10, age: '10m' } }),
  // #region teach:ticker-contract
  quotes: map({ value: Quote, maxKeys: 1000, demand: true }),
  'book/:symbol': map({ value: LevelSize, maxKeys: 100, demand: true }),
  'trades/:symbol': log({ message: Trade, retain: { maxCount: keptTrades, age: '10m' }, demand: true }),
  market: value({ value: MarketReport }),
  // #endregion
  // #region teach:fleet-contract
  fleet: map({ value: Vehicle, maxKeys: 25_000, demand: true }),
  'fleet-events': log({ message: FleetEvent, retain: { maxCount: 200, age: '1h' } }),
  'fleet-stats': value({ value: FleetStats }),
  // #endregion
  // #region teach:scores-contract
  scores: map({ value: Match, maxKeys: 100, demand: true }),
  'match/:id': value({ value: MatchDetails }),
  'commentary/:id': log({ message: CommentaryEntry, retain: { maxCount: 1000, age: '2h' } }),
  news: log({ message: Headline, retain: { maxCount: 200, age: '1d' } }),
  // #endregion
  // #region teach:write-contract
  'write/:id': doc({ maxBytes: maxDocumentBytes }),
  'write-comments/:id': map({ value: WriteThread, maxKeys: maxThreads }),
  'write-titles': map({ value: DocumentTitle, maxKeys: 1000 }),
  // #endregion
  // #region teach:board-contract
  'board/:id': doc({ maxBytes: maxDocumentBytes }),
  // #endregion
  // #region teach:play-contract
  'arena/:id': arena,
  // #endregion
  // #region teach:four-contract
  'four/:id': four,
  // #endregion
  // #region teach:lobby-contract
  lobby: map({ value: OpenRoom, maxKeys: 200 }),
  // #endregion
  // #region teach:assistant-contract
  'assistant/:talk': log({ message: Turn, retain: { maxCount: 200, age: '30d' } }),
  'assistant-parts/:talk': log({ message: Part, retain: { maxCount: 2000, age: '1h' } }),
  // #endregion
  // #region teach:inbox-contract
  '@me': log({ message: Notice, retain: { maxCount: 100, age: '30d' } }),
  'inbox-seen': map({ value: Seen, maxKeys: 10_000 }),
  // #endregion
});

export type GalleryChannels = typeof channels;
