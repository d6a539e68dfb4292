import process from 'node:process';
import { type Code, errorPage } from '@longwave/protocol';

/** A failure with a code as a line tells it, with the place where its cause and cure stand. */
export function errorText({ code, message }: { readonly code: Code; readonly message: string }): string {
  return `${code}: ${withPage(code, message)}`;
}

/** A message with the place where cause and cure of its code stand. */
function withPage(code: Code, message: string): string {
  const page = errorPage(code, process.env['LONGWAVE_DOCS'] || undefined);
  return message.includes(page) ? message : `${message}${message.endsWith('.') ? '' : '.'} See ${page}.`;
}

/** An answer of the HTTP API that is not a success, for people. `body` is what it was as JSON, undefined where it was none. */
export function refusalText(status: number, body: unknown): string {
  const { error } = (body ?? {}) as { readonly error?: { readonly code: Code; readonly message: string } };
  return `answered ${status}: ${error === undefined ? 'no JSON.' : withPage(error.code, error.message)}`;
}
