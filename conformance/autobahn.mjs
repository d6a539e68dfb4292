// The Autobahn test suite against this package, both roles, and a summary that fails on anything but OK.
//
//   WSTEST="/path/to/wstest" node conformance/autobahn.mjs [server|client]

import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { runAllCases } from './autobahn-client.mjs';
import { startEchoServer } from './echo-server.mjs';

/** All 517, or those of a list such as `CASES=1.*,7.*`: the compressed ones (12, 13) take most of the time. */
const cases = (process.env['CASES'] ?? '*').split(',');
const CASES = { cases, 'exclude-cases': [], 'exclude-agent-cases': {} };
const AGENT = 'longwave';
const out = path.join(import.meta.dirname, '../.cache/autobahn');

/** The words before the mode: `wstest`, or an interpreter and its script. */
const wstest = (process.env['WSTEST'] ?? 'wstest').split(' ');

async function startWstest(mode, config) {
  const spec = path.join(out, `${mode}.json`);
  await mkdir(out, { recursive: true });
  await writeFile(spec, JSON.stringify({ ...config, ...CASES }));
  return spawn(wstest[0], [...wstest.slice(1), '-m', mode, '-s', spec], {
    cwd: out,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function exit(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
}

async function untilListening(port) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const isOpen = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await sleep(200);
  }
  throw new Error(`nothing listens on port ${port}`);
}

async function testServer() {
  const server = await startEchoServer({ port: 9001, deflate: true });
  const outdir = path.join(out, 'servers');
  const servers = [{ agent: AGENT, url: 'ws://127.0.0.1:9001' }];
  await exit(await startWstest('fuzzingclient', { outdir, servers }));
  server.close();
  server.closeAllConnections();
  return summarize('server', outdir);
}

async function testClient() {
  const outdir = path.join(out, 'clients');
  const url = 'ws://127.0.0.1:9002';
  const child = await startWstest('fuzzingserver', { outdir, url });
  const ended = exit(child);
  await untilListening(9002);
  await runAllCases({ url, agent: AGENT, deflate: true });
  child.kill();
  await ended;
  return summarize('client', outdir);
}

async function summarize(role, outdir) {
  const report = JSON.parse(await readFile(path.join(outdir, 'index.json'), 'utf8'))[AGENT];
  const tally = {};
  let failed = 0;
  for (const [id, { behavior, behaviorClose }] of Object.entries(report)) {
    tally[behavior] = (tally[behavior] ?? 0) + 1;
    // INFORMATIONAL: a case without a right answer, such as what is done after a Close frame.
    if (['OK', 'INFORMATIONAL'].includes(behavior) && ['OK', 'INFORMATIONAL'].includes(behaviorClose)) continue;
    failed++;
    console.log(`${role} ${id}: ${behavior}, close ${behaviorClose}`);
  }
  const count = Object.keys(report).length;
  console.log(`${role}: ${count - failed} passed, ${failed} failed; ${JSON.stringify(tally)}`);
  return failed;
}

const only = process.argv[2];
let failures = 0;
if (only !== 'client') failures += await testServer();
if (only !== 'server') failures += await testClient();
process.exitCode = failures === 0 ? 0 : 1;
