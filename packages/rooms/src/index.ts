export {
  type Field,
  type Fields,
  type NumberedField,
  type TextField,
  type ValuesOf,
  choice,
  flag,
  real,
  reference,
  text,
  whole,
} from './contract/fields.js';
export {
  type Entities,
  type EntityId,
  type RoomInput,
  type Kinds,
  type Nearby,
  type RoomDefinition,
  type RoomOptions,
  room,
} from './contract/room.js';
export type { Inputs, Player, Rewound, RoomContext, RoomLogic, StepContext } from './contract/logic.js';
export { type PlayOptions, type PlayedRoom, type RoomChannelLike, type RoomPicture, play } from './client/play.js';
export { type RoomFrame, renderLoop } from './client/render-loop.js';
export type { NetStats, PredictedLogic } from './client/playing.js';
export type { RoomEvent } from './wire/down.js';
