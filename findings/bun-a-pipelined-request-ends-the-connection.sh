#!/usr/bin/env bash
# Bun 1.4.5: `Bun.serve` ends a connection on which a request comes while the one before it is not answered.
#
# Pipelining is valid HTTP/1.1 (RFC 9112, 9.3.2): a server may do the requests in turn, and answers in order. Here the connection is
# closed, and neither request has an answer. Where the first is answered within its turn of the event loop, both have.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @oven/bun-linux-x64@1.4.5
cat >run.mjs <<'JS'
import { connect } from 'node:net';

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  async fetch(request) {
    if (request.url.endsWith('/later')) await Bun.sleep(100);
    return new Response('ok');
  },
});
for (const path of ['/now', '/later']) {
  const socket = connect(server.port, '127.0.0.1');
  let answers = 0;
  socket.on('data', (data) => (answers += String(data).split('HTTP/1.1 200').length - 1));
  const closed = new Promise((resolve) => socket.on('close', () => resolve('closed')));
  socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(2));
  const end = await Promise.race([closed, Bun.sleep(1000).then(() => 'open')]);
  console.log(`${path} twice: ${answers} answers, ${end}`);
}
process.exit(0);
JS
cat >expected <<'TEXT'
/now twice: 2 answers, open
/later twice: 0 answers, closed
TEXT
node_modules/@oven/bun-linux-x64/bin/bun run.mjs >actual
diff expected actual
echo 'As described.'
