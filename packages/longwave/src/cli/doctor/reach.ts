import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import type { Finding } from './finding.js';
import type { Target } from './wire/target.js';

/** Addresses that are tried, of a name that has many. */
const mostAddresses = 8;

export interface Reach {
  readonly findings: readonly Finding[];
  readonly reached: boolean;
}

/** Whether the name leads to addresses, and each of them to somebody who listens. */
export async function checkReach(target: Target): Promise<Reach> {
  const { hostname, port } = target;
  const findings: Finding[] = [];
  let addresses: readonly string[] = [hostname];
  if (isIP(hostname) === 0) {
    try {
      addresses = await addressesOf(target);
      findings.push({ area: 'dns', verdict: 'ok', saw: `${hostname} is ${addresses.join(', ')}`, data: { addresses } });
    } catch (error) {
      const saw = `${hostname} has no address (${(error as Error).message})`;
      const change = [`Check the name; ask the DNS of this network: nslookup ${hostname}.`];
      return { reached: false, findings: [{ area: 'dns', verdict: 'fail', saw, change }] };
    }
  }
  const tries = await Promise.all(
    addresses.slice(0, mostAddresses).map(async (address) => ({ address, ...(await dial(address, target)) })),
  );
  const good = tries.filter(({ error }) => error === undefined);
  const bad = tries.filter(({ error }) => error !== undefined);
  const data = { tries };
  if (good.length > 0) {
    const ms = Math.min(...good.map((each) => each.ms));
    findings.push({ area: 'tcp', verdict: 'ok', saw: `port ${port} answers, the quickest in ${ms} ms`, data });
  }
  for (const { address, error = '' } of bad) {
    const means = good.length > 0 ? 'Who happens to choose this address waits, and may give up.' : meaningOf(error);
    findings.push({
      area: 'tcp',
      verdict: good.length > 0 ? 'warn' : 'fail',
      saw: `${address} port ${port}: ${error}`,
      means,
      change:
        good.length > 0
          ? ['Take the address out of the DNS, or have something listen there (for IPv6 too).']
          : ['Check that the server or its proxy runs and listens on this port, and that a firewall lets it through.'],
      ...(good.length === 0 && { data }),
    });
  }
  return { findings, reached: good.length > 0 };
}

async function addressesOf({ hostname, timeoutMs }: Target): Promise<string[]> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs).unref();
  });
  const found = await Promise.race([lookup(hostname, { all: true }), late]);
  return found.map(({ address }) => address);
}

function dial(
  host: string,
  { port, timeoutMs }: Target,
): Promise<{ readonly ms: number; readonly error: string | undefined }> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (error?: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ms: Math.round(performance.now() - startedAt), error });
    };
    const timer = setTimeout(() => finish(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
    socket.once('connect', () => finish());
    socket.once('error', (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
  });
}

function meaningOf(error: string): string {
  switch (error) {
    case 'ECONNREFUSED':
      return 'The machine is there, and nothing listens on the port.';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'There is no way from here to this address.';
    default:
      return 'Whatever is at this address does not answer: as a rule a firewall that drops what comes.';
  }
}
