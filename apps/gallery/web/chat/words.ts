import type { ResetReason } from 'longwave/client';

/** A reset in words that somebody who chats can use. */
export function describeReset(reason: ResetReason): string {
  switch (reason) {
    case 'trimmed':
      return 'some messages in between are no longer kept by the server';
    case 'epoch-changed':
      return 'the server started a new log, as a restart with the memory store does';
    case 'truncated':
      return 'the server lost the end of its log';
    case 'revoked':
      return 'the right to read this room was withdrawn';
  }
}

/** "45 s", "3 min", "2 h". */
export function describeDuration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

export function countMessages(count: number): string {
  return count === 1 ? '1 message' : `${count.toLocaleString()} messages`;
}

/** "Today", "Yesterday", or the date. Both times in milliseconds since 1970, days as the reader's calendar has them. */
export function describeDay(time: number, now: number): string {
  const day = startOfDay(time);
  if (day === startOfDay(now)) return 'Today';
  if (day === startOfDay(startOfDay(now) - 1)) return 'Yesterday';
  return new Date(time).toLocaleDateString(undefined, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
}

export function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

/** "Ada", "Ada and Bob", "Ada, Bob and Cleo". */
export function describeNames(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? 'nobody';
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Empty when nobody types. */
export function describeTyping(names: readonly string[]): string {
  if (names.length === 0) return '';
  if (names.length > 3) return `${names.length} people are typing…`;
  return `${describeNames(names)} ${names.length === 1 ? 'is' : 'are'} typing…`;
}
