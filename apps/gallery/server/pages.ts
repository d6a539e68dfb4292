import type { RequestListener, ServerResponse } from 'node:http';
import compression from 'compression';
import send from 'send';

/** Everything comes from here and nothing is inline; nobody frames the pages. */
function contentPolicy(host: string | undefined): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src ${["'self'", ...otherPorts(host)].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The lanes of the comparison are ports of the same host, which are known only when a page opens them. */
function otherPorts(host: string | undefined): string[] {
  const name = /^([a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d+)?$/i.exec(host ?? '')?.[1];
  return name === undefined ? [] : [`http://${name}:*`, `ws://${name}:*`];
}

/** No address leaks from the pages. */
const headers: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
};

/** Serves the built pages, compressed. A path without an extension is a page of the app and gets index.html. */
export function createPages(folder: string): RequestListener {
  return serveFolder({
    folder,
    policy: contentPolicy,
    fileOf: (path) => (/\.[^/]*$/.test(path) ? path : '/index.html'),
    isHashed: (path) => path.startsWith('/assets/'),
  });
}

export interface FolderRules {
  readonly folder: string;
  /** The Content-Security-Policy for a request with this `Host`. */
  policy(host: string | undefined): string;
  /** The file in the folder for the path of a request. */
  fileOf(path: string): string;
  /** Whether a hash of the content is part of the name, as Vite names assets. Everything else is asked for again. */
  isHashed(path: string): boolean;
  /** Answers a GET or HEAD of a file that is not there. By default with 404 and a line of text. */
  readonly answerMissing?: (response: ServerResponse) => void;
}

/** Serves the files of a folder, compressed, with strict headers. */
export function serveFolder(rules: FolderRules): RequestListener {
  const compress = compression();
  const serve = servePlainFolder(rules);
  // Its types ask for those of Express, of which it uses nothing.
  type Parts = Parameters<typeof compress>;
  return (request, response) => compress(request as Parts[0], response as Parts[1], () => serve(request, response));
}

function servePlainFolder({ folder, policy, fileOf, isHashed, answerMissing }: FolderRules): RequestListener {
  return (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.setHeader('Content-Security-Policy', policy(request.headers.host));
    const refuse = (status: number, reason: string): void => {
      if (response.headersSent) response.destroy();
      else if (status === 404 && answerMissing) answerMissing(response);
      else response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${reason}\n`);
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      refuse(405, 'Method not allowed');
      return;
    }
    const path = request.url?.split('?', 1)[0] ?? '/';
    send(request, fileOf(path), { root: folder, cacheControl: false })
      .on('headers', () => {
        response.setHeader('Cache-Control', isHashed(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
      })
      .on('directory', () => refuse(404, 'Not found'))
      // A file may also be gone since it was opened: the pages can be built anew under a running server.
      .on('error', ({ status }: { status?: number }) => refuse(status ?? 500, status === 404 ? 'Not found' : 'Refused'))
      .pipe(response);
  };
}
