import { type Exchange, exchange } from './wire/exchange.js';
import type { Finding } from './finding.js';
import { admission, newClient, opening } from './wire/frames.js';
import type { Target } from './wire/target.js';
import { type Vendor, bySender, describeServer, isOwnAnswer, vendorOf } from './who.js';
import { adviceOn } from './advice.js';

export interface Endpoint {
  readonly findings: readonly Finding[];
  /** Longwave answered. */
  readonly found: boolean;
  /** The server took `connect`: without that, some things cannot be told. */
  readonly admitted: boolean;
  readonly vendor: Vendor | undefined;
  /** With the origin that the server lets in. */
  readonly target: Target;
}

/** Whether an HTTP request comes to a Longwave server, whether it lets us in, and who signed the answer on its way. */
export async function checkEndpoint(target: Target): Promise<Endpoint> {
  const answer = await exchange(target, { below: '/poll?hold=5000&now=1', body: opening(target, newClient()) });
  const vendor = vendorOf(answer.headers, answer.text);
  const entry = admission(answer.frames);
  if (entry !== undefined) {
    const sender = describeServer(answer.headers);
    const findings: Finding[] = [
      {
        area: 'http',
        verdict: 'ok',
        saw: `Longwave answers${sender === '' ? '' : `, through ${sender}`}, in ${answer.endMs} ms`,
        data: { status: answer.status, sender, ...entry },
      },
    ];
    if ('refused' in entry) findings.push(notLetIn(entry.refused));
    return { findings, found: true, admitted: 'node' in entry, vendor, target };
  }
  if (answer.status === 403 && target.origin !== undefined && isOwnAnswer(answer)) {
    const rest = await checkEndpoint({ ...target, origin: undefined });
    return { ...rest, findings: [...rest.findings, refusedOrigin(target.origin, vendor)] };
  }
  return { findings: [unknownAnswer(target, answer, vendor)], found: false, admitted: false, vendor, target };
}

function notLetIn(why: string): Finding {
  return {
    area: 'http',
    verdict: 'note',
    saw: `it does not let us in (${why})`,
    means: 'Each transport is examined as far as that goes. A stream cannot be told from one that is kept back.',
    change: ['Give a token that the server accepts: --token or LONGWAVE_TOKEN.'],
  };
}

function refusedOrigin(origin: string, vendor: Vendor | undefined): Finding {
  return {
    area: 'origin',
    verdict: 'warn',
    saw: `the server refuses pages of ${origin}`,
    means:
      'Either the Host header was changed on the way, and the server does not know its own name; or your pages come from ' +
      'elsewhere: then name them with --origin. What follows was examined as no page.',
    change: adviceOn('origin', vendor),
  };
}

function unknownAnswer({ path }: Target, answer: Exchange, vendor: Vendor | undefined): Finding {
  const { status, end, error, headers, text } = answer;
  const data = { status, end, error, text: text.slice(0, 200) };
  if (status === undefined) {
    const saw = end === 'timeout' ? `no answer to a POST within ${answer.endMs} ms` : `no answer to a POST: ${error}`;
    return { area: 'http', verdict: 'fail', saw, change: ['Look at what the proxy logs of this request.'], data };
  }
  const saw = `POST ${path}/poll was answered with ${status}${bySender(headers)}`;
  if (status === 502 || status === 503 || status === 504) {
    const means = 'The proxy is there, and it does not reach the Longwave server behind it.';
    const change = ['Check that the server runs, and that the proxy has its right address and port.'];
    return { area: 'http', verdict: 'fail', saw, means, change, data };
  }
  if (status === 413) return { area: 'http', verdict: 'fail', saw, change: adviceOn('body', vendor), data };
  return {
    area: 'http',
    verdict: 'fail',
    saw,
    means: 'No Longwave server made this answer.',
    change: [`Have the proxy pass everything below ${path} on to the server; --path names another path.`],
    data,
  };
}
