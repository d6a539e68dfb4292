import { refusalText } from './error-text.js';
import { CommandError } from './exit-codes.js';

const timeoutMs = 60_000;

/** A running server's HTTP API. */
export interface ApiTarget {
  readonly url: string;
  readonly key: string;
  readonly channel: string;
}

/** Asks for `path` below a channel. Throws `CommandError` that says why the server refused, or cannot be reached. */
export async function askApi(
  { url, key, channel }: ApiTarget,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  const target = `${url.replace(/\/+$/, '')}/v1/channels/${encodeURIComponent(channel)}/${path}`;
  const { origin } = new URL(target);
  let response: Response;
  try {
    response = await fetch(target, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
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
  throw new CommandError(`${origin} ${refusalText(response.status, await response.json().catch(() => undefined))}`);
}
