#!/usr/bin/env bash
# notepack.io 3.0.1: a typed array arrives as one byte for each of its numbers.
#
# The README says that an ArrayBuffer is encoded as `bin`, with a Uint8Array as its example. The encoder for Node takes every view so, and
# copies its elements into bytes: 1.5 becomes 1, 300 becomes 44, and a DataView becomes nothing. No error is raised. The encoder for
# browsers, in the same package, writes every view, a Uint8Array too, as a map from index to number. An ArrayBuffer itself, as in
# `array.buffer`, arrives whole from either.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund notepack.io@3.0.1
cat >run.cjs <<'JS'
const { encode, decode } = require('notepack.io');
const encodeInBrowser = require('notepack.io/browser/encode.js');

const show = (bytes) => JSON.stringify(decode(Buffer.from(bytes)), (_, value) => (value?.type === 'Buffer' ? value.data : value));
const numbers = Float32Array.of(1.5, 300, -2);
console.log('sent', JSON.stringify([...numbers]));
console.log('by Node', show(encode(numbers)));
console.log('by a browser', show(encodeInBrowser(numbers)));
console.log('a view of two bytes, by Node', show(encode(new DataView(new ArrayBuffer(2)))));
console.log('its buffer, by Node', decode(encode(numbers.buffer)).length, 'bytes');
console.log('its buffer, by a browser', decode(Buffer.from(encodeInBrowser(numbers.buffer))).length, 'bytes');
JS
cat >expected <<'TEXT'
sent [1.5,300,-2]
by Node [1,44,254]
by a browser {"0":1.5,"1":300,"2":-2}
a view of two bytes, by Node []
its buffer, by Node 12 bytes
its buffer, by a browser 12 bytes
TEXT
node run.cjs >actual
diff expected actual
echo 'As described.'
