/**
 * Three significant digits, thousands separated.
 * @param {number | undefined} value
 */
export function formatNumber(value) {
  if (value === undefined || !Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

/** @param {number | undefined} value */
export function formatRatio(value) {
  return value === undefined || !Number.isFinite(value) ? '–' : `${value.toFixed(2)}×`;
}
