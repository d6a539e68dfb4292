export type { FindRooms, FoundRoom, RoomInfo, Rooms } from './rooms.js';
export { type ServeRoomsOptions, serveRooms } from './serve-rooms.js';
