import { existsSync, readFileSync } from 'node:fs';
import type { RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { serveFolder } from './pages.js';

/** Where the site of the documentation is. */
const base = '/docs';

/** As strict as that of the pages. Icons of the site are `data:` images in its styles. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const notBuilt = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <meta name="color-scheme" content="light dark" />
    <meta http-equiv="refresh" content="3" />
    <title>Documentation · Longwave</title>
  </head>
  <body>
    <h1>The documentation is not built yet</h1>
    <p><code>npm start</code> builds it after the server is up, which takes about half a minute. This page looks again every 3 seconds.</p>
    <p>If it stays away, <code>npm run docs -- build</code> builds it and says what is wrong.</p>
    <p>The same pages are the Markdown files in the folder <code>docs</code>.</p>
    <p><a href="/">The gallery</a></p>
  </body>
</html>
`;

/**
 * Serves the site of the documentation below `/docs`, from a folder that may be written later or anew while the server runs.
 *
 * @returns Whether the request was for the documentation, and is answered.
 */
export function createDocs(folder: string): (...parts: Parameters<RequestListener>) => boolean {
  const serve = serveFolder({
    folder,
    policy: () => policy,
    fileOf(path) {
      const below = path.slice(base.length);
      if (below === '/') return '/index.html';
      return /\.[^/]*$/.test(below) ? below : `${below}.html`;
    },
    isHashed: (path) => path.startsWith(`${base}/assets/`),
    answerMissing: (response) => answerMissing(folder, response),
  });
  return (request, response) => {
    const [path = '/', query] = (request.url ?? '/').split('?', 2);
    if (path !== base && !path.startsWith(`${base}/`)) return false;
    if (path === base) {
      response.writeHead(308, { Location: `${base}/${query === undefined ? '' : `?${query}`}` }).end();
    } else serve(request, response);
    return true;
  };
}

function answerMissing(folder: string, response: ServerResponse): void {
  const page = join(folder, '404.html');
  const isBuilt = existsSync(page);
  response
    .writeHead(isBuilt ? 404 : 503, {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      ...(isBuilt ? {} : { 'Retry-After': '3' }),
    })
    .end(isBuilt ? readFileSync(page) : notBuilt);
}
