export type { CreateRoom } from '../lobby/create-room.js';
export type { FindRooms, FoundRoom, RoomInfo, Rooms } from './rooms.js';
export { type ServeRoomsOptions, serveRooms } from './serve-rooms.js';
export type { RecordedAct, Recording } from '../server/recording.js';
export { type ReplayedStep, replay } from '../replay/replay.js';
export type { MatchRules, Spread } from '../lobby/match.js';
export type { EnterQueue, LeaveSignal, Match, MatchQueue, QueueOptions } from '../lobby/queue.js';
