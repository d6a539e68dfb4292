import type { ConnectionInfo } from '@longwave/core';

/** Who is at the other end, as a socket knows it. */
export interface RemoteEnd {
  readonly remoteAddress?: string | undefined;
}

const noHeaders: ConnectionInfo['headers'] = Object.freeze({});

/** A connection's request. The address is asked of the kernel when somebody wants to know it: that costs 10 µs. */
export class LinkInfo implements ConnectionInfo {
  readonly transport: string;
  readonly headers: ConnectionInfo['headers'];
  readonly #end: RemoteEnd;
  #address: string | undefined;

  constructor(transport: string, headers: ConnectionInfo['headers'], end: RemoteEnd) {
    this.transport = transport;
    this.headers = headers;
    this.#end = end;
  }

  get remoteAddress(): string | undefined {
    return (this.#address ??= this.#end.remoteAddress);
  }

  withoutHeaders(): LinkInfo {
    const info = new LinkInfo(this.transport, noHeaders, this.#end);
    info.#address = this.#address;
    return info;
  }
}
