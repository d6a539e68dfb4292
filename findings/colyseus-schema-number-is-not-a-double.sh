#!/usr/bin/env bash
# @colyseus/schema 5.0.34: a field of type `number` arrives as another number, without a word.
#
# What is within a ten-thousandth of it as a 32-bit float travels as one: a latitude of 51.5007292 arrives seven centimetres away, so that
# server and client do not compute the same from it. `NaN` arrives as 0, and `Infinity` as the largest safe integer. A `uint8` takes
# 300 and -1, and wraps around.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @colyseus/schema@5.0.34
cat >run.mjs <<'JS'
import { Decoder, Encoder, schema, t } from '@colyseus/schema';

const State = schema({ number: t.number(), byte: t.uint8() });
const sent = new State();
const received = new State();
const encoder = new Encoder(sent);
const decoder = new Decoder(received);
const send = (field, value) => {
  sent[field] = value;
  decoder.decode(encoder.encode());
  encoder.discardChanges();
  console.log(`${field} ${value} arrives as ${received[field]}`);
};
for (const value of [0.5, 0.1, 51.5007292, 1732924800123.5, Number.NaN, Number.POSITIVE_INFINITY]) send('number', value);
for (const value of [200, 300, -1]) send('byte', value);
JS
cat >expected <<'TEXT'
number 0.5 arrives as 0.5
number 0.1 arrives as 0.10000000149011612
number 51.5007292 arrives as 51.500728607177734
number 1732924800123.5 arrives as 1732924800123.5
number NaN arrives as 0
number Infinity arrives as 9007199254740991
byte 200 arrives as 200
byte 300 arrives as 44
byte -1 arrives as 255
TEXT
node run.mjs >actual
diff expected actual
echo 'As described.'
