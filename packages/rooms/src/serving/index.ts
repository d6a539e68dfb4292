export type { CreateRoom, FindRooms, FoundRoom, RoomInfo, Rooms } from './rooms.js';
export { type ServeRoomsOptions, serveRooms } from './serve-rooms.js';
export type { RecordedAct, Recording } from '../server/recording.js';
export { type ReplayedStep, replay } from '../replay/replay.js';
