#!/usr/bin/env bash
# yjs 13.6.33: an update whose predecessor is missing fires no event, although the document keeps it and encodes it.
#
# `applyUpdate` raises no error and the `update` event does not come, so a server that relays or stores by listening to that event
# loses the update. It is inside `encodeStateAsUpdate`, but not in the state vector; when the predecessor comes, one event carries both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund yjs@13.6.33
cat >run.mjs <<'JS'
import * as Y from 'yjs';

const writer = new Y.Doc();
writer.clientID = 1;
const updates = [];
writer.on('update', (update) => updates.push(update));
writer.getText('text').insert(0, 'first ');
writer.getText('text').insert(6, 'second');

const reader = new Y.Doc();
let events = 0;
reader.on('update', () => events++);
const show = (when) => {
  const empty = Y.encodeStateAsUpdate(new Y.Doc()).length;
  const kept = Y.encodeStateAsUpdate(reader).length > empty;
  const vector = Y.decodeStateVector(Y.encodeStateVector(reader));
  console.log(`${when}: events ${events}, text "${reader.getText('text')}", kept ${kept}, clients in the state vector ${vector.size}`);
};
Y.applyUpdate(reader, updates[1]);
show('the second alone');
Y.applyUpdate(reader, updates[0]);
show('the first as well');
JS
cat >expected <<'TEXT'
the second alone: events 0, text "", kept true, clients in the state vector 0
the first as well: events 1, text "first second", kept true, clients in the state vector 1
TEXT
node run.mjs >actual
diff expected actual
echo 'As described.'
