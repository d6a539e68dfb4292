#!/usr/bin/env bash
# @geckos.io/typed-array-buffer-schema 1.2.1: a model keeps the decimal places of the first message alone.
#
# A field of `{ type: int16, digits: 2 }` is to carry two decimal places. The first call of `toBuffer` does that. From the second on, with
# the same model and the same values, the number is cut to a whole one and still divided by 100 when it is read: 4.35 becomes 0.04.
# Nothing is raised on either side.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @geckos.io/typed-array-buffer-schema@1.2.1
cat >run.mjs <<'JS'
import schema from '@geckos.io/typed-array-buffer-schema';

const { BufferSchema, Model, int16, uint8 } = schema;
const player = BufferSchema.schema('player', { id: uint8, x: { type: int16, digits: 2 }, y: { type: int16, digits: 2 } });
const model = new Model(BufferSchema.schema('world', { tick: uint8, players: [player] }));
for (const tick of [1, 2, 3]) {
  const { players } = model.fromBuffer(model.toBuffer({ tick, players: [{ id: 7, x: 4.35, y: -14.43 }] }));
  console.log(`message ${tick}: x ${players[0].x}, y ${players[0].y}`);
}
JS
cat >expected <<'TEXT'
message 1: x 4.35, y -14.43
message 2: x 0.04, y -0.14
message 3: x 0.04, y -0.14
TEXT
node run.mjs >actual
diff expected actual
echo 'As described.'
