const price = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const time = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export function formatPrice(dollars: number): string {
  return price.format(dollars);
}

/** With a sign that is as wide as a digit. */
export function formatChange(percent: number): string {
  return `${percent > 0 ? '+' : percent < 0 ? '−' : '±'}${price.format(Math.abs(percent))}%`;
}

/** Shares: 1,200 are 1.2K. */
export function formatShares(shares: number): string {
  return compact.format(shares);
}

/** So many a second; a decimal where there are few. */
export function formatPerSecond(count: number): string {
  return count > 0 && count < 10 ? count.toFixed(1) : whole.format(count);
}

/** The time of day here, of milliseconds since 1970. */
export function formatTime(atMs: number): string {
  return time.format(atMs);
}

/** Which way a price went, for a color: a move that rounds to nothing is none. */
export function directionOf(change: number): 'up' | 'down' | 'even' {
  return change > 0 ? 'up' : change < 0 ? 'down' : 'even';
}
