#!/usr/bin/env bash
# Bun 1.4.5: the head of a response with a stream comes in two pieces, the second with the first bytes of the body.
#
# The status and the first headers are sent at once, and the blank line behind them only when the stream has something. So `fetch`
# does not resolve before, and a client cannot tell a server that has accepted its request from one that has not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @oven/bun-linux-x64@1.4.5
cat >run.mjs <<'JS'
import { connect } from 'node:net';

let controller;
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: () => new Response(new ReadableStream({ start: (given) => void (controller = given) }), { headers: { a: 'b' } }),
});
const socket = connect(server.port, '127.0.0.1');
let text = '';
socket.on('data', (data) => (text += data));
socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
await Bun.sleep(500);
console.log(`before: status ${text.includes('200 OK')}, end of the head ${text.includes('\r\n\r\n')}`);
controller.enqueue(new TextEncoder().encode('x'));
await Bun.sleep(500);
console.log(`after: status ${text.includes('200 OK')}, end of the head ${text.includes('\r\n\r\n')}`);
process.exit(0);
JS
cat >expected <<'TEXT'
before: status true, end of the head false
after: status true, end of the head true
TEXT
node_modules/@oven/bun-linux-x64/bin/bun run.mjs >actual
diff expected actual
echo 'As described.'
