#!/usr/bin/env bash
# playwright-core 1.65.1 with Chromium 156: a page that `page.route` answers opens no WebSocket to the server whose address it has.
#
# `route.fulfill` gives a page without a server, as its documentation says, and with the origin of the address that was asked for. But Chromium
# does not know from which network it came, and takes it for one of the internet: a WebSocket to that very origin, where it is on loopback,
# fails with ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS, while a `fetch` works. The same page from the server itself opens it. Launched with
# `--disable-features=LocalNetworkAccessChecks`, both do.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund playwright-core@1.65.1 ws@8.23.0
cat >run.mjs <<'JS'
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';
import { WebSocketServer } from 'ws';

const html = { contentType: 'text/html', body: '<title>page</title>' };
const http = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html.body));
new WebSocketServer({ server: http });
await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${http.address().port}`;
const attempt = `(async () => {
  const opened = await new Promise((resolve) => {
    const socket = new WebSocket('${origin.replace('http', 'ws')}');
    socket.onopen = () => resolve('opens');
    socket.onerror = () => resolve('fails');
  });
  const fetched = await fetch('${origin}/other').then(() => 'works', () => 'fails');
  return location.origin === '${origin}' ? 'WebSocket ' + opened + ', fetch ' + fetched : 'another origin';
})()`;
for (const features of [[], ['--disable-features=LocalNetworkAccessChecks']]) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', ...features],
  });
  for (const fulfilled of [false, true]) {
    const page = await browser.newPage();
    if (fulfilled) await page.route(`${origin}/page`, (route) => route.fulfill(html));
    await page.goto(`${origin}/page`);
    const by = fulfilled ? 'by route.fulfill' : 'by the server';
    console.log(`${features.length ? 'without the checks, ' : ''}page ${by}: ${await page.evaluate(attempt)}`);
  }
  await browser.close();
}
process.exit();
JS
cat >expected <<'TEXT'
page by the server: WebSocket opens, fetch works
page by route.fulfill: WebSocket fails, fetch works
without the checks, page by the server: WebSocket opens, fetch works
without the checks, page by route.fulfill: WebSocket opens, fetch works
TEXT
node run.mjs 2>/dev/null >actual
diff expected actual
echo 'As described.'
