#!/usr/bin/env bash
# yjs 13.6.33: `mergeUpdates` keeps one structure for each keystroke, and merging again does not shrink them.
#
# 2,000 letters typed one after the other are 2,000 updates. Merged they are about six times as large as what a Y.Doc that applied
# them encodes, and the merge of that merge is the same. A server that stores documents as merged bytes, without ever loading
# them into a Y.Doc, keeps that size for good.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund yjs@13.6.33
cat >run.mjs <<'JS'
import * as Y from 'yjs';

const doc = new Y.Doc();
doc.clientID = 1;
const updates = [];
doc.on('update', (update) => updates.push(update));
const text = doc.getText('text');
for (let i = 0; i < 2000; i++) text.insert(i, 'abcdefghij'[i % 10]);

const merged = Y.mergeUpdates(updates);
console.log(`merged ${merged.length} bytes, merged again ${Y.mergeUpdates([merged]).length}`);
const loaded = new Y.Doc();
Y.applyUpdate(loaded, merged);
console.log(`encoded by a Y.Doc ${Y.encodeStateAsUpdate(loaded).length} bytes, the same text: ${loaded.getText('text').length} letters`);
JS
cat >expected <<'TEXT'
merged 11881 bytes, merged again 11881
encoded by a Y.Doc 2014 bytes, the same text: 2000 letters
TEXT
node run.mjs >actual
diff expected actual
echo 'As described.'
