#!/usr/bin/env bash
# y-protocols 1.0.7 (with yjs 13.6.33): the state that a fresh Awareness encodes is ignored by whoever receives it.
#
# A new Awareness stands at clock 0, and `applyAwarenessUpdate` takes a client that it does not know for one at clock 0: only
# something newer is applied. So a provider that sends its awareness at once when it opens, as y-websocket does, is not seen
# by others until the state is set again, or is renewed after 15 s. A state that was removed does not come back with the
# clock of its removal, either. A server that answers for absent clients has to raise the clock itself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund yjs@13.6.33 y-protocols@1.0.7
cat >run.mjs <<'JS'
import * as Y from 'yjs';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness';

const ada = new Awareness(new Y.Doc());
const bob = new Awareness(new Y.Doc());
const tell = () => applyAwarenessUpdate(bob, encodeAwarenessUpdate(ada, [ada.clientID]), 'network');
const seen = () => bob.getStates().has(ada.clientID);

tell();
console.log(`clock ${ada.meta.get(ada.clientID).clock}: seen ${seen()}`);
ada.setLocalState({ name: 'Ada' });
tell();
console.log(`clock ${ada.meta.get(ada.clientID).clock}: seen ${seen()}`);
// A server's timeout, which takes the clock that it knows.
removeAwarenessStates(bob, [ada.clientID], 'timeout');
tell();
console.log(`removed, and told again with the same clock: seen ${seen()}`);
ada.destroy();
bob.destroy();
JS
cat >expected <<'TEXT'
clock 0: seen false
clock 1: seen true
removed, and told again with the same clock: seen false
TEXT
node run.mjs >actual
diff expected actual
echo 'As described.'
