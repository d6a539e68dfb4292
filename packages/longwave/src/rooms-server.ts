export { type RoomInfo, type Rooms, type ServeRoomsOptions, serveRooms } from '@longwave/rooms/server';
