import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { watchInterrupts } from '../interrupt.js';
import { MetricsReporter } from './metrics-exchange.js';
import { type WorkerReady, stopMessage } from './worker-messages.js';

/** How a server tells that it is there, and learns that it is to end: from and to a person, or the process that started it. */
export interface ServeHost {
  readonly signal: AbortSignal;
  ready(lines: readonly string[], address: AddressInfo): void;
  /** Where several processes answer at one address: the way to the figures of the others. */
  readonly metrics?: MetricsReporter;
  dispose(): void;
}

export function terminalHost(): ServeHost {
  return {
    ...watchInterrupts(),
    ready: (lines) => void process.stdout.write(lines.map((line) => `${line}\n`).join('')),
  };
}

/**
 * The host of a worker: it ends when it is told to, or at a SIGTERM of its own. A Ctrl-C reaches it too, and is not its
 * business.
 */
export function workerHost(): ServeHost {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const ignore = (): void => undefined;
  const metrics = new MetricsReporter();
  const onMessage = (message: unknown): void => {
    if (message === stopMessage) stop();
    else metrics.onMessage(message);
  };
  process.on('message', onMessage).on('SIGTERM', stop).on('SIGINT', ignore);
  return {
    signal: controller.signal,
    metrics,
    ready: (lines, address) => void process.send?.({ ready: { lines, address } } satisfies WorkerReady),
    dispose() {
      process.off('message', onMessage).off('SIGTERM', stop).off('SIGINT', ignore);
      // Nothing more is to come: it must not keep the process.
      process.channel?.unref();
    },
  };
}
