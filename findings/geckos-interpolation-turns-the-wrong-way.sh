#!/usr/bin/env bash
# @geckos.io/snapshot-interpolation 1.1.1: whether an angle is interpolated as one depends on its place in the list and on its name.
#
# `interpolate(a, b, 0.5, 'x r(deg)')` halves the way from 350 to 10 degrees at 0, as it should. With the angle first in the list, or alone,
# its method is not seen, and it is halved as a plain number: 180, the wrong way round. And of a name of more than one letter only the last
# is used, so that `heading(deg)` is not interpolated at all: halfway it stands at its newest value.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @geckos.io/snapshot-interpolation@1.1.1
cat >run.mjs <<'JS'
import interpolation from '@geckos.io/snapshot-interpolation';

const interpolator = new interpolation.SnapshotInterpolation(20);
const halfway = (values) => {
  const shots = [350, 10].map((angle, i) => ({
    id: `${i}`,
    time: i * 100,
    state: [{ id: 'ship', x: i * 10, r: angle, heading: angle }],
  }));
  const [ship] = interpolator.interpolate(...shots, 0.5, values).state;
  console.log(`${values}: x ${ship.x}, r ${ship.r}, heading ${ship.heading}`);
};
halfway('x r(deg)');
halfway('r(deg) x');
halfway('r(deg)');
halfway('x heading(deg)');
JS
cat >expected <<'TEXT'
x r(deg): x 5, r 0, heading 10
r(deg) x: x 5, r 180, heading 10
r(deg): x 10, r 180, heading 10
x heading(deg): x 5, r 10, heading 10
TEXT
node run.mjs >actual
diff expected actual
echo 'As described.'
