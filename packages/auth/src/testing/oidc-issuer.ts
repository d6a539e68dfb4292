import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type JWK, exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

/** The audience of the tokens. */
export const resource = 'https://chat.example.com';

const algorithms = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const;
type Algorithm = (typeof algorithms)[number];

/** Private keys of a provider, one of each kind, with ids of this prefix. */
async function createKeys(prefix: string): Promise<JWK[]> {
  return Promise.all(
    algorithms.map(async (alg) => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true });
      return { ...(await exportJWK(privateKey)), alg, use: 'sig', kid: `${prefix}-${alg}` };
    }),
  );
}

/** A real OpenID provider on loopback, whose keys change when told. */
export class OidcIssuer {
  readonly url: string;
  readonly #server: Server;
  #provider!: Provider;
  #keys: JWK[] = [];
  /** Requests for the set of keys. */
  lookups = 0;
  #alg: Algorithm = 'ES256';
  #ttl = 600;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => {
      if (request.url === '/jwks') this.lookups++;
      void this.#provider.callback()(request, response);
    });
  }

  static async start(): Promise<OidcIssuer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const issuer = new OidcIssuer(server);
    await issuer.rotate('first');
    return issuer;
  }

  get jwksUrl(): string {
    return `${this.url}/jwks`;
  }

  /** Signs by new keys from now on. `keep` publishes the former ones too. */
  async rotate(prefix: string, { keep = false } = {}): Promise<void> {
    this.#keys = [...(await createKeys(prefix)), ...(keep ? this.#keys : [])];
    this.#provider = new Provider(this.url, {
      clients: [
        {
          client_id: 'ada',
          client_secret: 'secret of ada',
          grant_types: ['client_credentials'],
          redirect_uris: [],
          response_types: [],
        },
      ],
      jwks: { keys: this.#keys as never },
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => resource,
          getResourceServerInfo: () => ({
            scope: 'chat',
            audience: resource,
            accessTokenFormat: 'jwt',
            accessTokenTTL: this.#ttl,
            jwt: { sign: { alg: this.#alg } },
          }),
        },
      },
    });
  }

  /** An access token, as any client of the provider gets it. */
  async token({ alg = 'ES256', ttl = 600 }: { alg?: Algorithm; ttl?: number } = {}): Promise<string> {
    [this.#alg, this.#ttl] = [alg, ttl];
    const response = await fetch(`${this.url}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'ada',
        client_secret: 'secret of ada',
        scope: 'chat',
      }),
    });
    const body = (await response.json()) as { readonly access_token?: string };
    if (body.access_token === undefined) throw new Error(`The provider answers ${JSON.stringify(body)}.`);
    return body.access_token;
  }

  /** Nobody listens any more. */
  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async resume(): Promise<void> {
    this.#server.listen(Number(new URL(this.url).port), '127.0.0.1');
    await once(this.#server, 'listening');
  }
}
