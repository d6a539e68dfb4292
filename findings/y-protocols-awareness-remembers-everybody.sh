#!/usr/bin/env bash
# y-protocols 1.0.7 (with yjs 13.6.33): an Awareness never forgets a client id that it has heard of.
#
# States of clients that left are removed, but `meta`, with a clock for each, keeps all of them. Each page load is a new client id,
# so a server that holds one Awareness for a document that stays open grows with every visit.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund yjs@13.6.33 y-protocols@1.0.7
cat >run.mjs <<'JS'
import * as Y from 'yjs';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';

const server = new Awareness(new Y.Doc());
for (let visit = 0; visit < 1000; visit++) {
  const visitor = new Awareness(new Y.Doc());
  visitor.setLocalState({ visit });
  applyAwarenessUpdate(server, encodeAwarenessUpdate(visitor, [visitor.clientID]), 'network');
  visitor.setLocalState(null);
  applyAwarenessUpdate(server, encodeAwarenessUpdate(visitor, [visitor.clientID]), 'network');
  visitor.destroy();
}
console.log(`after 1000 visits: ${server.getStates().size} state, ${server.meta.size} remembered`);
server.destroy();
JS
cat >expected <<'TEXT'
after 1000 visits: 1 state, 1001 remembered
TEXT
node run.mjs >actual
diff expected actual
echo 'As described.'
