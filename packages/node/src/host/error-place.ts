import process from 'node:process';
import { type Code, errorPage } from '@longwave/protocol';

/** Where this installation serves the documentation, if it says so. */
const servedDocs = (): string | undefined => process.env['LONGWAVE_DOCS'] || undefined;

/** `See docs/errors.md#forbidden.`: the end of a line that tells of a failure with a code. */
export function seeErrorPage(code: Code): string {
  return `See ${errorPage(code, servedDocs())}.`;
}

/** The URI reference that names a kind of problem (RFC 9457 §3.1.1). It leads to its page where the documentation is served. */
export function problemType(code: Code): string {
  return errorPage(code, servedDocs() ?? '/docs');
}
