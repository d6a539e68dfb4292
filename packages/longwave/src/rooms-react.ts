'use client';

export { type UseRoomOptions, type UseRoomResult, useRoom } from '@longwave/rooms/react';
