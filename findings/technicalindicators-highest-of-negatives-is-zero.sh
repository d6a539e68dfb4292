#!/usr/bin/env bash
# technicalindicators 3.1.0: the highest of negative numbers is 0.
#
# The window that finds the highest begins at 0 and keeps that until something larger comes. `Highest` then answers a number that is not
# among its input, and Stochastic and WilliamsR, which use the same window, do so too. Both compare a price with its range, so adding a
# constant to all prices changes nothing by their definition; below zero, as a spread, a funding rate or oil in April 2020, it does.
# `Lowest` is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund technicalindicators@3.1.0
cat >run.cjs <<'JS'
const { Highest, Lowest, Stochastic, WilliamsR } = require('technicalindicators');

console.log('highest of two', Highest.calculate({ values: [-3, -5, -4], period: 2 }).join());
console.log('lowest of two', Lowest.calculate({ values: [-3, -5, -4], period: 2 }).join());
for (const lower of [0, 100]) {
  const [high, low, close] = [
    [12, 14, 13, 15, 16],
    [8, 9, 10, 11, 12],
    [10, 13, 11, 14, 13],
  ].map((prices) => prices.map((price) => price - lower));
  const k = Stochastic.calculate({ high, low, close, period: 3, signalPeriod: 1 }).map((one) => one.k.toFixed(1));
  const r = WilliamsR.calculate({ high, low, close, period: 3 }).map((one) => one.toFixed(1));
  console.log(`prices lower by ${lower}: %K ${k}, %R ${r}`);
}
JS
cat >expected <<'TEXT'
highest of two 0,0
lowest of two -5,-5
prices lower by 0: %K 50.0,83.3,50.0, %R -50.0,-16.7,-50.0
prices lower by 100: %K 3.3,5.5,3.3, %R -96.7,-94.5,-96.7
TEXT
node run.cjs >actual
diff expected actual
echo 'As described.'
