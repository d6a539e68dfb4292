import { isIP } from 'node:net';
import { type PeerCertificate, type TLSSocket, checkServerIdentity, connect } from 'node:tls';
import type { Finding } from './finding.js';
import { type Target, dialOptions } from './wire/target.js';

const dayMs = 86_400_000;
/** An earlier warning would be noise where certificates are renewed by machines a month ahead. */
const expiresSoonDays = 14;

export interface TlsCheck {
  readonly findings: readonly Finding[];
  /** False: every browser refuses the server, whatever else works. */
  readonly trusted: boolean;
  readonly spoken: boolean;
}

/** The version, whether a browser would trust the certificate and until when, and what is offered by ALPN. */
export async function checkTls(target: Target): Promise<TlsCheck> {
  const socket = await shake(target);
  if (typeof socket === 'string') return { findings: [noTls(socket)], trusted: false, spoken: false };
  const version = socket.getProtocol() ?? 'TLS';
  const offersHttp2 = socket.alpnProtocol === 'h2';
  const certificate = socket.getPeerCertificate();
  const problem = problemWith(socket, certificate, target.hostname);
  socket.destroy();
  const daysLeft = Math.floor((Date.parse(certificate.valid_to) - Date.now()) / dayMs);
  const data = {
    version,
    alpn: socket.alpnProtocol || undefined,
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validTo: certificate.valid_to,
    problem,
  };
  const findings: Finding[] = [];
  if (problem !== undefined) {
    findings.push({
      area: 'tls',
      verdict: 'fail',
      saw: `${version}; the certificate is not trusted: ${problem}`,
      means:
        'Browsers refuse this server. What follows was examined as if they did not; --insecure leaves this out of the result.',
      change: [changeFor(problem)],
      data,
    });
  } else {
    const soon = daysLeft < expiresSoonDays;
    findings.push({
      area: 'tls',
      verdict: soon ? 'warn' : 'ok',
      saw: `${version}, the certificate of ${data.subject} by ${data.issuer} is good for ${daysLeft} days`,
      ...(soon && { change: ['Renew the certificate, and look at why it was not renewed by itself.'] }),
      data,
    });
  }
  if (version === 'TLSv1' || version === 'TLSv1.1') {
    const change = ['Switch TLS 1.2 and 1.3 on in the proxy.'];
    findings.push({ area: 'tls', verdict: 'fail', saw: `${version} is too old for browsers`, change });
  }
  findings.push({
    area: 'tls',
    verdict: 'note',
    saw: offersHttp2 ? 'HTTP/2 is offered by ALPN' : 'HTTP/2 is not offered',
    means: offersHttp2
      ? 'Streams and long polls share one connection. WebSockets open one of their own, over HTTP/1.1.'
      : 'Over HTTP/1.1 a browser opens six connections to a server: each tab that streams or polls holds one of them.',
  });
  return { findings, trusted: problem === undefined, spoken: true };
}

function shake(target: Target): Promise<TLSSocket | string> {
  return new Promise((resolve) => {
    const socket = connect({ ...dialOptions(target), ALPNProtocols: ['h2', 'http/1.1'] });
    const finish = (result: TLSSocket | string): void => {
      clearTimeout(timer);
      if (typeof result === 'string') socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => finish(`no answer within ${target.timeoutMs / 1000} s`), target.timeoutMs);
    socket.once('secureConnect', () => finish(socket));
    socket.on('error', (error) => finish(error.message));
    socket.once('close', () => finish('the connection was closed'));
  });
}

function noTls(why: string): Finding {
  return {
    area: 'tls',
    verdict: 'fail',
    saw: `no TLS: ${why}`,
    means: 'As a rule the port speaks plain HTTP, or the proxy has no certificate for this name.',
    change: ['Try the address with http:, and look at the TLS settings of the proxy.'],
  };
}

function problemWith(socket: TLSSocket, certificate: PeerCertificate, hostname: string): string | undefined {
  // Node's types have it an Error; what it is is the code.
  const error = socket.authorizationError as unknown as string | Error | null | undefined;
  if (!socket.authorized && error) return String(error instanceof Error ? error.message : error);
  const name = isIP(hostname) === 0 ? hostname : hostname.replace(/^::ffff:/, '');
  return checkServerIdentity(name, certificate)?.message;
}

function changeFor(problem: string): string {
  if (/EXPIRED/.test(problem)) return 'Renew the certificate.';
  if (/SELF_SIGNED|DEPTH_ZERO/.test(problem)) return 'Use a certificate of an authority that browsers trust.';
  if (/UNABLE_TO_(?:VERIFY_LEAF|GET_ISSUER)/.test(problem)) {
    return 'Send the whole chain: the intermediate certificates belong behind the own one (fullchain.pem, not cert.pem).';
  }
  if (/altnames/i.test(problem)) return 'Use a certificate that holds this name, or the name that it holds.';
  return 'Look at the certificate and its chain: openssl s_client -showcerts -connect HOST:PORT';
}

function nameOf(name: Partial<Record<'CN' | 'O', string | string[]>> | undefined): string {
  return String(name?.CN ?? name?.O ?? 'nobody');
}
