import { defineChannels, log, map, signal, value } from 'longwave/contract';
import { ChatMember, ChatMessage, Mark, ReadPosition, TypingSignal } from './chat-messages.js';
import { LabReport } from './compare.js';
import { keptTrades } from './ticker/limits.js';
import { LevelSize, MarketReport, Quote, Trade } from './ticker/market.js';
import { FleetEvent, FleetStats, Vehicle } from './fleet/fleet.js';
import { CommentaryEntry } from './scores/commentary.js';
import { Headline, Match, MatchDetails } from './scores/match.js';
import { TraceEvent } from './trace-event.js';

/** The contract of the gallery: the server enforces it, the pages take their types from it. */
export const channels = defineChannels({
  'chat/:room': log({ message: ChatMessage, retain: { count: 10_000, age: '30d' }, presence: ChatMember }),
  'echo/:trace': log({ message: TraceEvent, retain: { count: 500, age: '10m' } }),
  'compare/:lab': log({ message: LabReport, retain: { count: 10, age: '10m' } }),
  quotes: map({ value: Quote, keys: 1000, demand: true }),
  'book/:symbol': map({ value: LevelSize, keys: 100, demand: true }),
  'trades/:symbol': log({ message: Trade, retain: { count: keptTrades, age: '10m' }, demand: true }),
  market: value({ value: MarketReport }),
  fleet: map({ value: Vehicle, keys: 25_000, demand: true }),
  'fleet-events': log({ message: FleetEvent, retain: { count: 200, age: '1h' } }),
  'fleet-stats': value({ value: FleetStats }),
  scores: map({ value: Match, keys: 100, demand: true }),
  'match/:id': value({ value: MatchDetails }),
  'commentary/:id': log({ message: CommentaryEntry, retain: { count: 1000, age: '2h' } }),
  news: log({ message: Headline, retain: { count: 200, age: '1d' } }),
  'chat-typing/:room': signal({ message: TypingSignal }),
  'chat-read/:room': map({ value: ReadPosition }),
  'chat-marks/:room': map({ value: Mark, keys: 50_000 }),
});

export type GalleryChannels = typeof channels;
