#!/usr/bin/env bash
# searoute-js 0.1.0: no route crosses the meridian of 180°. The network of lanes ends there, and nothing joins its two ends.
#
# Suva (Fiji) to Pago Pago (American Samoa) is 669 nautical miles of open sea. The route found goes once around the world:
# 21,596 nautical miles. Tokyo to Los Angeles, 4,770 on the great circle, has 23,009. Both are returned like any other route, without a warning.
# Whoever routes in the Pacific has to join the network at 180° first, or to compare a route with the great circle.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund searoute-js@0.1.0
cat >run.mjs <<'JS'
import searoute from 'searoute-js';

const point = (lng, lat) => ({ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [lng, lat] } });
const degrees = Math.PI / 180;
function greatCircle([lng1, lat1], [lng2, lat2]) {
  const cosine =
    Math.sin(lat1 * degrees) * Math.sin(lat2 * degrees) +
    Math.cos(lat1 * degrees) * Math.cos(lat2 * degrees) * Math.cos((lng2 - lng1) * degrees);
  return Math.acos(cosine) * 3440.065;
}

// The library writes the numbers of its nodes to standard output.
const say = console.log;
console.log = () => {};
const places = {
  'Suva - Pago Pago': [[178.42, -18.13], [-170.69, -14.28]],
  'Tokyo - Los Angeles': [[139.77, 35.62], [-118.26, 33.73]],
  'Auckland - Suva (does not cross)': [[174.78, -36.84], [178.42, -18.13]],
};
for (const [name, [from, to]] of Object.entries(places)) {
  const { length, units } = searoute(point(...from), point(...to)).properties;
  say(`${name}: ${Math.round(length)} ${units}, great circle ${Math.round(greatCircle(from, to))}`);
}
JS
cat >expected <<'TEXT'
Suva - Pago Pago: 21596 nm, great circle 669
Tokyo - Los Angeles: 23009 nm, great circle 4770
Auckland - Suva (does not cross): 1703 nm, great circle 1140
TEXT
node run.mjs >actual
diff expected actual
echo 'As described.'
