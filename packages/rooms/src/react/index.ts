'use client';

export { type UseRoomOptions, type UseRoomResult, useRoom } from './use-room.js';
