import type { AddressInfo } from 'node:net';
import type { MetricsSnapshot } from '@longwave/node';

/** A worker tells the process that started it that it takes connections. */
export interface WorkerReady {
  readonly ready: { readonly lines: readonly string[]; readonly address: AddressInfo };
}

/** The message that makes a worker send its clients elsewhere and end. */
export const stopMessage = 'longwave:stop';

/** A worker asks for the figures of all, the process that started them asks each, and answers with what came. */
export type MetricsMessage =
  | { readonly gather: number }
  | { readonly report: number }
  | { readonly reported: number; readonly metrics: MetricsSnapshot }
  | { readonly gathered: number; readonly all: readonly MetricsSnapshot[] };

export function isReady(message: unknown): message is WorkerReady {
  return has(message, 'ready');
}

/** Which of the messages about figures it is, if any. */
export function isMetrics<K extends 'gather' | 'report' | 'reported' | 'gathered'>(
  message: unknown,
  kind: K,
): message is Extract<MetricsMessage, Readonly<Record<K, number>>> {
  return has(message, kind);
}

function has(message: unknown, field: string): boolean {
  return typeof message === 'object' && message !== null && field in message;
}
