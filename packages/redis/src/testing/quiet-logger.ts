import type { Logger } from '@longwave/core';

/** Keeps what is said. */
export function quietLogger(): Logger & { readonly said: string[] } {
  const said: string[] = [];
  return {
    said,
    error: (message) => void said.push(`error: ${message}`),
    info: (message) => void said.push(`info: ${message}`),
  };
}
