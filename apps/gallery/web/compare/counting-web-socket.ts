import type { WebSocketConstructor } from 'longwave/client';
import { type Tally, contentBytes, frameHeaderBytes } from './tally.js';

/** The browser's WebSocket, which counts what goes through it. One message is one frame here: neither end splits them. */
export function countingWebSocket(tally: Tally): WebSocketConstructor {
  return class extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      tally.requests++;
      this.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
        const bytes = contentBytes(data);
        tally.contentDown += bytes;
        tally.framingDown += frameHeaderBytes(bytes, false);
      });
    }

    override send(data: string | Uint8Array<ArrayBuffer>): void {
      const bytes = contentBytes(data);
      tally.contentUp += bytes;
      tally.framingUp += frameHeaderBytes(bytes, true);
      super.send(data);
    }
  };
}
