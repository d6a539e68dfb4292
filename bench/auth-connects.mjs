// Prints what a connect costs a server with `jwt`: `node bench/auth-connects.mjs [rounds] [clients]`. It is compared with a server that
// asks for no identity at all, and with one that has an `authenticate` of the application's own, which looks the token up.
//
// One server process has a server of each kind; this process connects to them in turn, and counts the processor time of that
// process alone. Other work of the machine only ever adds to it: microseconds are the first quartile of the rounds. Kinds are compared
// within each round, since the machine is faster in one minute than in the next.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { createServer, defineChannels, log } from 'longwave';
import { jwt } from 'longwave/auth';
import { connect } from 'longwave/client';

const channels = defineChannels({ news: log() });
const [issuer, audience] = ['https://id.example.com', 'bench'];
const [none, plain, seen, fresh] = [
  'without identity',
  'a function that knows the token',
  'jwt, token seen',
  'jwt, new token',
];

/** The server process: it answers each message with its processor time, in µs, once all connections are gone. */
async function serve() {
  const [{ jwk, known }] = await once(process, 'message');
  const logger = { error: console.error, info: () => {} };
  const expiresAt = Date.now() + 3_600_000;
  /** @type {Map<string | undefined, import('longwave').Identity>} */
  const identities = new Map();
  for (const [i, token] of known.entries())
    identities.set(token, { user: `user-${i}`, claims: { scope: 'chat' }, expiresAt });
  const stranger = new Error('A stranger.');
  /** @type {[kind: string, authenticate?: import('longwave/auth').Authenticate][]} */
  const kinds = [
    [none],
    [
      plain,
      (token) => {
        const identity = identities.get(token);
        if (!identity) throw stranger;
        return identity;
      },
    ],
    [seen, jwt({ issuer, audience, keys: jwk })],
    [fresh, jwt({ issuer, audience, keys: jwk })],
  ];
  /** @type {import('longwave').Server<typeof channels>[]} */
  const servers = [];
  /** @type {Record<string, number>} */
  const ports = {};
  for (const [kind, authenticate] of kinds) {
    const server = createServer({ channels, logger, ...(authenticate && { authenticate }) });
    servers.push(server);
    ports[kind] = (await server.listen({ port: 0, host: '127.0.0.1' })).port;
  }
  const answer = () => {
    if (servers.some(({ engine }) => engine.stats.connections > 0)) return void setImmediate(answer);
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  };
  process.on('message', answer);
  process.send?.(ports);
}

/** @param {number} rounds @param {number} clients */
async function measure(rounds, clients) {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'a' };
  let count = 0;
  const sign = () =>
    new SignJWT({ name: 'Ada Lovelace', email: 'ada@example.com', scope: 'chat news', jti: String(count++) })
      .setProtectedHeader({ alg: 'ES256', kid: 'a' })
      .setSubject(`user-${count % clients}`)
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime('1h')
      .sign(privateKey);
  const signAll = () => Promise.all(Array.from({ length: clients }, sign));
  const known = await signAll();

  const child = fork(import.meta.filename, [], { env: { ...process.env, AUTH_BENCH_SERVER: '1' } });
  child.send({ jwk, known });
  /** @type {[Record<string, number>]} */
  const [ports] = /** @type {any} */ (await once(child, 'message'));
  /** @returns {Promise<number>} */
  const readCpu = async () => {
    child.send('cpu');
    return (await once(child, 'message'))[0];
  };

  /** @param {string} kind @param {string[]} tokens */
  const connectAll = async (kind, tokens) => {
    const before = await readCpu();
    const opened = tokens.map((token) => connect(`http://127.0.0.1:${ports[kind]}`, { transport: 'websocket', token }));
    await Promise.all(opened.map(connected));
    for (const client of opened) client.close();
    return (await readCpu()) - before;
  };

  /** @param {string[]} kinds */
  const measureInTurn = async (kinds) => {
    /** @type {number[][]} */
    const costs = kinds.map(() => []);
    // As many rounds warm up: what V8 compiles meanwhile would be the greatest difference between two kinds. Each kind begins as often as any
    // other, so that none is always the one after a collection.
    for (let round = -rounds; round < rounds; round++) {
      for (let i = 0; i < kinds.length; i++) {
        const at = (i + round + rounds) % kinds.length;
        const kind = kinds[at] ?? none;
        const cost = await connectAll(kind, kind === fresh ? await signAll() : known);
        if (round >= 0) costs[at]?.push(cost);
      }
    }
    report(kinds, costs, clients);
  };
  await measureInTurn([none, plain, seen]);
  // Verification leaves threads and garbage behind: apart from the others.
  await measureInTurn([none, plain, fresh]);
  child.disconnect();
  child.kill();
}

/** Resolves when the server has let the client in. @param {import('longwave/client').Client} client @returns {Promise<void>} */
function connected(client) {
  return new Promise((resolve, reject) => {
    client.onState((state) => {
      if (state.status === 'connected') resolve();
      else if (state.status === 'closed') reject(new Error('A client was refused.', { cause: state.error }));
    });
  });
}

/**
 * Each kind against the first two: the median, over all rounds, of what it cost as a multiple of what they cost in the same round.
 * @param {string[]} kinds @param {number[][]} costs @param {number} clients
 */
function report(kinds, costs, clients) {
  /** @param {number} from @param {number} to */
  const ratio = (from, to) =>
    part(
      (costs[from] ?? []).map((cost, round) => cost / (costs[to]?.[round] ?? 0)),
      2,
    ).toFixed(3);
  for (const [at, kind] of kinds.entries()) {
    const micros = (part(costs[at] ?? [], 4) / clients).toFixed(1).padStart(7);
    console.log(
      `${kind.padEnd(32)} ${micros} µs a connect: ${ratio(at, 0)} of one ${none}, ${ratio(at, 1)} of ${plain}`,
    );
  }
}

/** The number that one in so many are below. @param {number[]} numbers @param {number} many */
function part(numbers, many) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / many)] ?? Number.NaN;
}

if (process.env['AUTH_BENCH_SERVER']) await serve();
else await measure(Number(process.argv[2] ?? 60), Number(process.argv[3] ?? 200));
