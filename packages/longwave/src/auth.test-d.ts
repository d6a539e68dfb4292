import { type TokenClaims, anyOf, cookie, jwt } from './auth.js';
import { type AuthorizeContext, createServer, defineChannels, log } from './index.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(equal: Equal<A, B>): Equal<A, B> => equal;

type ClaimsOf<Context> = Context extends AuthorizeContext<infer Claims> ? Claims : never;
const channels = defineChannels({ news: log() });
const issuer = { issuer: 'a', audience: 'b', jwksUrl: 'https://id.example.com/jwks' } as const;

// The claims of tokens have their names, and others that are unknown.
createServer({
  channels,
  authenticate: jwt(issuer),
  authorize: (context) => {
    same<ClaimsOf<typeof context>, TokenClaims>(true);
    return context.claims?.['role'] === 'admin' && context.claims.sub === context.user;
  },
});

// What `claims` makes of them is what the server gives.
createServer({
  channels,
  authenticate: jwt({ ...issuer, claims: async ({ roles }) => ({ admin: roles === 'admin' }) }),
  authorize: (context) => {
    same<ClaimsOf<typeof context>, { admin: boolean }>(true);
    return context.claims?.admin === true;
  },
});
// @ts-expect-error: nothing makes these claims.
jwt<{ admin: boolean }>(issuer);

// A session says its own.
createServer({
  channels,
  authenticate: cookie('sid', async () => ({ user: 'ada', claims: { admin: true } })),
  authorize: ({ claims }) => claims?.admin === true,
});
createServer({
  channels,
  authenticate: cookie('sid', () => ({ user: 'ada' })),
  authorize: ({ user }) => user === 'ada',
});

// Several: one of them.
const several = anyOf(
  jwt({ ...issuer, claims: ({ sub }) => ({ kind: 'token' as const, sub }) }),
  cookie('sid', async (value) => (value === '' ? undefined : { user: 'ada', claims: { kind: 'session' as const } })),
  (token) => (token === 'x' ? { user: 'robot' } : undefined),
  () => ({}),
);
createServer({
  channels,
  authenticate: several,
  authorize: ({ claims }) => (claims?.kind === 'token' ? claims.sub !== undefined : claims?.kind === 'session'),
});

// @ts-expect-error: an issuer has to be named, or `false`.
jwt({ audience: 'b', secret: 'x' });
// @ts-expect-error: a user is a text.
cookie('sid', () => ({ user: 7 }));
