import { adviceOn } from './advice.js';
import type { Exchange } from './wire/exchange.js';
import type { Finding } from './finding.js';
import type { Vendor } from './who.js';

/** Checks the headers of a response that invite a cache or a compressor, as they arrive. */
export function checkHeaders({ status, headers }: Exchange, vendor: Vendor | undefined): Finding[] {
  if (status !== 200) return [];
  const findings: Finding[] = [];
  const cacheControl = headers['cache-control'];
  if (!/\bno-store\b/.test(cacheControl ?? '')) {
    findings.push({
      area: 'headers',
      verdict: 'warn',
      saw: `Cache-Control came as '${cacheControl ?? ''}' in place of 'no-store, no-transform'`,
      means: 'A cache further on may answer in place of the server.',
      change: adviceOn('caching', vendor),
    });
  }
  const cached = ['x-cache', 'cf-cache-status', 'x-cache-status', 'age'].filter((name) => headers[name] !== undefined);
  // A cache that only passes says so too: an age of 0, a miss, a hit for pass.
  const hits = cached.filter((name) =>
    name === 'age' ? Number(headers[name]) > 0 : /\bhit\b(?!-for)/i.test(String(headers[name])),
  );
  if (hits.length > 0) {
    findings.push({
      area: 'headers',
      verdict: 'warn',
      saw: `a cache stands in between: ${hits.map((name) => `${name}: ${String(headers[name])}`).join(', ')}`,
      change: adviceOn('caching', vendor),
    });
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    findings.push({
      area: 'headers',
      verdict: 'warn',
      saw: `the event stream was compressed on its way (${encoding})`,
      means: 'The server does not compress it, for a compressor keeps bytes back.',
      change: adviceOn('compression', vendor),
    });
  }
  const type = headers['content-type'] ?? '';
  if (!type.startsWith('text/event-stream')) {
    findings.push({ area: 'headers', verdict: 'warn', saw: `Content-Type came as '${type}'` });
  }
  return findings;
}
