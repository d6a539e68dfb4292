export {
  type CreateRoom,
  type FindRooms,
  type FoundRoom,
  type RecordedAct,
  type Recording,
  type ReplayedStep,
  type RoomInfo,
  type Rooms,
  type ServeRoomsOptions,
  replay,
  serveRooms,
} from '@longwave/rooms/server';
