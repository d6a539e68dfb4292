import type { NodeConnectionOptions } from '@nats-io/transport-node';

type Credentials = Pick<NodeConnectionOptions, 'user' | 'pass' | 'token' | 'tls'>;

export interface ServerAddresses {
  /** Without anything that is secret: they stand in messages. */
  readonly addresses: string[];
  readonly credentials: Credentials;
}

/**
 * Takes apart what names the servers: the client library takes no user from a URL. Those of all servers must be the same. Throws
 * `TypeError`, which repeats no password.
 */
export function readServers(servers: readonly string[]): ServerAddresses {
  const urls = servers.flatMap((server) => server.split(',')).map((server) => readUrl(server.trim()));
  const [first, ...others] = urls.map(credentialsOf);
  const differs = others.some((other) => JSON.stringify(other) !== JSON.stringify(first));
  if (!first || differs) refuse('all servers take the same user and password, so give the same with each');
  return { addresses: urls.map(({ host }) => host), credentials: first };
}

function readUrl(server: string): URL {
  const text = /^[a-z]+:\/\//.test(server) ? server : `nats://${server}`;
  // With a scheme that has no default port, so that none that is given is dropped.
  const parts = /^(nats|tls):(\/\/.*)$/.exec(text);
  if (!parts) refuse('a server is host:port, nats://host:port or tls://host:port');
  try {
    const url = new URL(`${parts[1]}:${parts[2]}`);
    if (url.host !== '') return url;
  } catch {
    // As below: the text may hold a password.
  }
  refuse('a server is host:port, or nats://user:password@host:port with what is special in it percent-encoded');
}

function credentialsOf({ protocol, username, password }: URL): Credentials {
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  return {
    ...(user !== '' && (pass === '' ? { token: user } : { user, pass })),
    ...(protocol === 'tls:' && { tls: {} }),
  };
}

function refuse(expected: string): never {
  throw new TypeError(`nats: servers cannot be used: ${expected}.`);
}
