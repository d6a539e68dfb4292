#!/usr/bin/env bash
# world-atlas 2.0.2: the ids of countries are neither unique nor always there.
#
# Ids are the numbers of ISO 3166-1, as text. In countries-50m and countries-10m the Ashmore and Cartier Islands, which come later in the
# file, have Australia's: a `Map` by id shows the reefs in its place. Kosovo, Somaliland and Northern Cyprus have no id in any of
# the three files, so that by id they are one country. The `properties.name` of each is there, and is another.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund world-atlas@2.0.2 topojson-client@3.1.0
cat >run.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { feature } from 'topojson-client';

for (const scale of ['110m', '50m', '10m']) {
  const atlas = JSON.parse(readFileSync(`node_modules/world-atlas/countries-${scale}.json`));
  const { features } = feature(atlas, atlas.objects.countries);
  const byId = new Map(features.map(({ id, properties }) => [id, properties.name]));
  const without = features.filter(({ id }) => id === undefined).map(({ properties }) => properties.name);
  console.log(`${scale}: ${features.length} features, ${byId.size} ids, 036 is ${byId.get('036')}`);
  console.log(`  without: ${without.length}, ${['Kosovo', 'N. Cyprus', 'Somaliland'].every((name) => without.includes(name))}`);
}
JS
cat >expected <<'TEXT'
110m: 177 features, 175 ids, 036 is Australia
  without: 3, true
50m: 241 features, 236 ids, 036 is Ashmore and Cartier Is.
  without: 5, true
10m: 255 features, 239 ids, 036 is Ashmore and Cartier Is.
  without: 16, true
TEXT
node run.mjs >actual
diff expected actual
echo 'As described.'
