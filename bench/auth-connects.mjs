// Prints what a connect costs a server with `jwt`, against one without: `node bench/auth-connects.mjs [rounds] [clients]`.
//
// One server process has a server of each kind; this process connects to them in turn, and counts the processor time of that
// process alone. Other work of the machine only ever adds to it: the first
// quartile of the rounds is what counts.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { createServer, defineChannels, log } from 'longwave';
import { jwt } from 'longwave/auth';
import { connect } from 'longwave/client';

const channels = defineChannels({ news: log() });
const [issuer, audience] = ['https://id.example.com', 'bench'];

/** The server process: it answers each message with its processor time, in µs, once all connections are gone. */
async function serve() {
  const [{ jwk }] = await once(process, 'message');
  const logger = { error: console.error, info: () => {} };
  const kinds = {
    'without identity': undefined,
    'a function that knows the token': (token) => ({ user: token?.slice(-20), expiresAt: Date.now() + 3_600_000 }),
    'jwt, token seen before': jwt({ issuer, audience, keys: jwk }),
    'jwt, new token': jwt({ issuer, audience, keys: jwk }),
  };
  const servers = [];
  const ports = {};
  for (const [kind, authenticate] of Object.entries(kinds)) {
    const server = createServer({ channels, logger, ...(authenticate && { authenticate }) });
    servers.push(server);
    ports[kind] = (await server.listen({ port: 0, host: '127.0.0.1' })).port;
  }
  const answer = () => {
    if (servers.some(({ engine }) => engine.stats.connections > 0)) return void setImmediate(answer);
    const { user, system } = process.cpuUsage();
    process.send(user + system);
  };
  process.on('message', answer);
  process.send(ports);
}

async function measure(rounds, clients) {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'a' };
  const child = fork(import.meta.filename, [], { env: { ...process.env, AUTH_BENCH_SERVER: '1' } });
  child.send({ jwk });
  const [ports] = await once(child, 'message');
  const readCpu = async () => {
    child.send('cpu');
    return (await once(child, 'message'))[0];
  };
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

  const connectAll = async (kind, tokens) => {
    const before = await readCpu();
    const opened = tokens.map((token) => connect(`http://127.0.0.1:${ports[kind]}`, { transport: 'websocket', token }));
    await Promise.all(
      opened.map(
        (client) =>
          new Promise((resolve, reject) => {
            client.onState(({ status, error }) => {
              if (status === 'connected') resolve();
              else if (status === 'closed') reject(new Error('A client was refused.', { cause: error }));
            });
          }),
      ),
    );
    for (const client of opened) client.close();
    return (await readCpu()) - before;
  };

  const [none, plain, seen, fresh] = Object.keys(ports);
  const costs = { [none]: [], [plain]: [], [seen]: [], [fresh]: [] };
  const measureInTurn = async (kinds) => {
    // The first rounds warm up. Each kind begins as often as any other, so that none is always the one after a collection.
    for (let round = -3; round < rounds; round++) {
      for (let i = 0; i < kinds.length; i++) {
        const kind = kinds[(i + round + 3) % kinds.length];
        const cost = await connectAll(kind, kind === fresh ? await signAll() : known);
        if (round >= 0) costs[kind].push(cost);
      }
    }
  };
  await measureInTurn([none, plain, seen]);
  report(costs, [none, plain, seen], clients);
  costs[none] = [];
  // Verification leaves threads and garbage behind: apart from the others.
  await measureInTurn([none, fresh]);
  report(costs, [none, fresh], clients);
  child.disconnect();
  child.kill();
}

/** Each kind, against the first. */
function report(costs, kinds, clients) {
  const quartile = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 2];
  for (const kind of kinds) {
    const micros = (quartile(costs[kind]) / clients).toFixed(1);
    const ratio = (quartile(costs[kind]) / quartile(costs[kinds[0]])).toFixed(3);
    console.log(`${kind.padEnd(32)} ${micros.padStart(7)} µs a connect, ${ratio} of one ${kinds[0]}`);
  }
}

if (process.env.AUTH_BENCH_SERVER) await serve();
else await measure(Number(process.argv[2] ?? 60), Number(process.argv[3] ?? 200));
