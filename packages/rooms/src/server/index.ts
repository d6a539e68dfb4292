export { type RoomInfo, type Rooms, type ServeRoomsOptions, serveRooms } from './serve-rooms.js';
