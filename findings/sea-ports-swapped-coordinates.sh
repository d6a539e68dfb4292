#!/usr/bin/env bash
# sea-ports 0.0.9: some ports have latitude and longitude in the wrong order, and some stand in a namesake of another country.
#
# Coordinates are [longitude, latitude]. At least eight ports have the two swapped: Punta Padrones in Chile then lies in the Weddell
# Sea, Eskifjordur in Iceland lies in the Indian Ocean. All of them are valid numbers, so no range check finds them. Southampton in Bermuda has the place of Southampton in England, San Vicente in Chile that of a town in Spain,
# Honfleur that of a village 450 km inland. 24 entries have no coordinates at all.
# A map or a router that trusts the table sends ships to the wrong ocean: compare each port with the rest of its country.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund sea-ports@0.0.9
cat >run.mjs <<'JS'
import ports from 'sea-ports';

const all = Object.entries(ports.JSON);
console.log(`${all.length} ports, ${all.filter(([, { coordinates }]) => !coordinates).length} without coordinates`);
for (const code of ['ISESK', 'REPDG', 'VEGUB', 'DZAAE', 'CLPPD', 'CLPGO', 'CLJRL', 'ARDDC', 'BMSOU', 'GBSOU', 'CLCAP', 'FRHON']) {
  const { name, country, coordinates } = ports.JSON[code];
  console.log(`${code} ${name}, ${country}: ${coordinates.map((value) => value.toFixed(1)).join(', ')}`);
}
JS
cat >expected <<'TEXT'
1634 ports, 24 without coordinates
ISESK Eskifjordur - hofn, Iceland: 65.1, -14.1
REPDG Port de Pointe des Galets, Réunion: -20.9, 55.3
VEGUB Guaranao Bay, Venezuela: 11.7, -70.2
DZAAE Annaba (ex Bone), Algeria: 36.9, 7.7
CLPPD Punta Padrones, Chile: -27.1, -70.8
CLPGO Punta Chungo, Chile: -31.9, -71.5
CLJRL Jureles, Chile: -37.0, -73.2
ARDDC Delta Dock, Argentina: -34.0, -59.2
BMSOU Southampton, Bermuda: -1.4, 50.9
GBSOU Southampton, United Kingdom: -1.4, 50.9
CLCAP San Vicente, Chile: -4.4, 43.4
FRHON Honfleur, France: 5.1, 46.2
TEXT
node run.mjs >actual
diff expected actual
echo 'As described.'
