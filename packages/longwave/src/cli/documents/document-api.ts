import type { DocumentVersion } from '@longwave/core';
import { CommandError } from '../exit-codes.js';

const timeoutMs = 60_000;

/** One document of a running server, over its HTTP API. */
export class DocumentApi {
  readonly #base: string;
  readonly #key: string;

  constructor(url: string, key: string, document: string) {
    this.#base = `${url.replace(/\/+$/, '')}/v1/channels/${encodeURIComponent(document)}`;
    this.#key = key;
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

  async #ask(method: string, path: string, body?: unknown): Promise<Response> {
    const target = `${this.#base}/${path}`;
    const { origin } = new URL(target);
    let response: Response;
    try {
      response = await fetch(target, {
        method,
        headers: {
          authorization: `Bearer ${this.#key}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (error) {
      const { cause, message } = error as Error;
      throw new CommandError(`${origin} cannot be reached: ${cause instanceof Error ? cause.message : message}`);
    }
    if (response.ok) return response;
    const answer = (await response.json().catch(() => undefined)) as
      | { readonly error: { readonly message: string } }
      | undefined;
    throw new CommandError(`${origin} answered ${response.status}: ${answer?.error.message ?? 'no JSON.'}`);
  }
}
