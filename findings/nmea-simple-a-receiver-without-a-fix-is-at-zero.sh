#!/usr/bin/env bash
# nmea-simple 3.3.0: a receiver that has no position yet is at latitude 0, longitude 0.
#
# Until a receiver has a fix it leaves the fields of RMC, GGA and GLL empty, as NMEA 0183 wants it. They are parsed as the number -0, and an
# empty speed as 0. The point in the Gulf of Guinea is a position like any other; `status` or `fixType` alone tells, under another name and
# with another word in each sentence. An empty date is a Date that is invalid, not null.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund nmea-simple@3.3.0
cat >run.cjs <<'JS'
const { parseNmeaSentence } = require('nmea-simple');

const sentence = (body) => {
  const sum = [...body].reduce((all, letter) => all ^ letter.charCodeAt(0), 0);
  return `$${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}`;
};
for (const body of ['GPRMC,,V,,,,,,,,,,N', 'GPGGA,,,,,,0,00,,,M,,M,,', 'GPGLL,,,,,,V,N']) {
  const { sentenceId, latitude, longitude, status, fixType, speedKnots, datetime } = parseNmeaSentence(sentence(body));
  const more = sentenceId === 'RMC' ? [speedKnots, datetime] : [];
  console.log(sentenceId, latitude, longitude, status ?? fixType, ...more);
}
JS
cat >expected <<'TEXT'
RMC -0 -0 warning 0 Invalid Date
GGA -0 -0 none
GLL -0 -0 invalid
TEXT
node run.cjs >actual
diff expected actual
echo 'As described.'
