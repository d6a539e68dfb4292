import type { ConnectionInfo } from '@longwave/core';
import { forwardedAddress } from './remote-address.js';

/** The peer, as a socket knows it. */
export interface RemoteEnd {
  readonly remoteAddress?: string | undefined;
}

export const noHeaders: ConnectionInfo['headers'] = Object.freeze({});

/** A connection's request. The address is asked of the kernel when somebody wants to know it: that costs 10 µs. */
export class LinkInfo implements ConnectionInfo {
  readonly transport: string;
  readonly headers: ConnectionInfo['headers'];
  readonly #end: RemoteEnd;
  #address: string | undefined;
  #params: ConnectionInfo['params'];

  /** `proxies`: how many in front are trusted to tell the address. */
  constructor(transport: string, headers: ConnectionInfo['headers'], end: RemoteEnd, proxies = 0) {
    this.transport = transport;
    this.headers = headers;
    this.#end = end;
    if (proxies > 0) this.#address = forwardedAddress(headers, proxies);
  }

  get remoteAddress(): string | undefined {
    return (this.#address ??= this.#end.remoteAddress);
  }

  get params(): ConnectionInfo['params'] {
    return this.#params;
  }

  withoutHeaders(): LinkInfo {
    return this.copy(noHeaders, this.#params);
  }

  withParams(params: ConnectionInfo['params']): LinkInfo {
    return this.copy(this.headers, params);
  }

  private copy(headers: ConnectionInfo['headers'], params: ConnectionInfo['params']): LinkInfo {
    const info = new LinkInfo(this.transport, headers, this.#end);
    info.#address = this.#address;
    info.#params = params;
    return info;
  }
}
