import type { WebSocketConnection } from '@longwave/websocket';
import type { HalfMessageBounds } from '../http/plug.js';

/** Messages up to here are bounded by the number of connections. */
const smallBytes = 16 * 1024;
const defaultMaxBytes = 128 * 1024 * 1024;

type Connection = Pick<WebSocketConnection, 'unfinishedSince' | 'retainedBytes' | 'fail'>;

/**
 * Bounds what WebSocket messages that are not complete hold in memory together, as `HalfBodies` does for bodies. Beyond it the
 * connection of the one that began first is ended.
 */
export class HalfMessages implements HalfMessageBounds {
  readonly #maxBytes: number;
  /** In the order of their beginning, with what they hold. */
  readonly #held = new Map<Connection, number>();
  #bytes = 0;

  constructor(maxBytes = defaultMaxBytes) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes that are held of large ones. */
  get bytes(): number {
    return this.#bytes;
  }

  look(connection: Connection): void {
    const bytes = connection.unfinishedSince === undefined ? 0 : connection.retainedBytes;
    if (bytes <= smallBytes) return this.end(connection);
    this.#bytes += bytes - (this.#held.get(connection) ?? 0);
    this.#held.set(connection, bytes);
    for (const oldest of this.#held.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.end(oldest);
      oldest.fail(1008, 'too many messages are incomplete');
    }
  }

  /** The connection is over, or nothing of it is incomplete. */
  end(connection: Connection): void {
    const bytes = this.#held.size > 0 ? this.#held.get(connection) : undefined;
    if (bytes === undefined) return;
    this.#bytes -= bytes;
    this.#held.delete(connection);
  }
}
