export {
  type FindRooms,
  type FoundRoom,
  type RoomInfo,
  type Rooms,
  type ServeRoomsOptions,
  serveRooms,
} from './serve-rooms.js';
