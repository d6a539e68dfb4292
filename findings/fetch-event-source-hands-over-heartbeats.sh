#!/usr/bin/env bash
# @microsoft/fetch-event-source 2.0.1: what keeps a connection open arrives as a message.
#
# A comment (`: ping`) with its empty line, and an event without data, are no messages (HTML, 9.2.6: with an empty data buffer nothing is
# dispatched). Here each calls `onmessage`, with `data` as an empty text, which `JSON.parse` does not take: a stream breaks at its
# first heartbeat. And a line `data` without a colon, which says an empty line of data, is passed over.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @microsoft/fetch-event-source@2.0.1
cat >run.mjs <<'JS'
import { getLines, getMessages } from '@microsoft/fetch-event-source/lib/cjs/parse.js';

const read = (title, text) => {
  const messages = [];
  const take = getLines(getMessages(() => {}, () => {}, ({ event, data }) => messages.push({ event, data })));
  take(new TextEncoder().encode(text));
  console.log(`${title}: ${JSON.stringify(messages)}`);
};
read('a message', 'data: 1\n\n');
read('a comment', ': ping\n\n');
read('no data', 'event: tick\n\n');
read('two lines of data, the second without a colon', 'data: 1\ndata\n\n');
JS
cat >expected <<'TEXT'
a message: [{"event":"","data":"1"}]
a comment: [{"event":"","data":""}]
no data: [{"event":"tick","data":""}]
two lines of data, the second without a colon: [{"event":"","data":"1"}]
TEXT
node run.mjs >actual
diff expected actual
echo 'As described.'
