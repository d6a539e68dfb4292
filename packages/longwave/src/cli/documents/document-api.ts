import type { DocumentSize, DocumentVersion } from '@longwave/core';
import { type ApiTarget, askApi } from '../ask-api.js';

/** One document of a running server, over its HTTP API. */
export class DocumentApi {
  readonly #target: ApiTarget;

  constructor(url: string, key: string, document: string) {
    this.#target = { url, key, channel: document };
  }

  /** As it is now, or as a version has it. */
  async content(version?: string): Promise<Uint8Array> {
    const query = version === undefined ? '' : `?version=${encodeURIComponent(version)}`;
    return new Uint8Array(await (await this.#ask('GET', `document${query}`)).arrayBuffer());
  }

  async compact(): Promise<boolean> {
    const { compacted } = (await (await this.#ask('POST', 'document/compact')).json()) as {
      readonly compacted: boolean;
    };
    return compacted;
  }

  async size(): Promise<DocumentSize> {
    return (await (await this.#ask('GET', 'document/size')).json()) as DocumentSize;
  }

  async versions(): Promise<readonly DocumentVersion[]> {
    const { versions } = (await (await this.#ask('GET', 'versions')).json()) as {
      readonly versions: readonly DocumentVersion[];
    };
    return versions;
  }

  async save(name: string, user: string | undefined): Promise<DocumentVersion> {
    return (await (await this.#ask('POST', 'versions', { name, user })).json()) as DocumentVersion;
  }

  /** In their order. */
  async publish(messages: readonly Uint8Array[], user: string | undefined): Promise<void> {
    for (const message of messages)
      await this.#ask('POST', 'messages', { bytes: Buffer.from(message).toString('base64'), user });
  }

  #ask(method: string, path: string, body?: unknown): Promise<Response> {
    return askApi(this.#target, method, path, body);
  }
}
