#!/usr/bin/env bash
# nats-server 2.9.10: in a cluster whose servers are killed, a purge of some subjects takes the messages of others along.
#
# A stream of three replicas has one message of a quiet subject, the first of all. Other subjects are written and purged, each by its
# name and up to a sequence. Servers are killed and started again, one after the other, so that two of three are always up. After some
# kills, 25 s or so, the leader no longer has the first message, although nobody purged its subject. In runs of 75 s without the purges, and
# with single messages deleted in their place, it stayed; with `keep` in place of a sequence it went. It needs `nats-server` in the path.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @nats-io/transport-node@3.4.0 @nats-io/jetstream@3.4.0
cat >run.mjs <<'JS'
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

const ports = [14251, 14252, 14253];
const routes = ports.map((port) => `nats-route://127.0.0.1:${port + 100}`).join(', ');
const running = [];
const start = async (i) => {
  running[i] = spawn('nats-server', ['-c', `n${i}/conf`], { stdio: 'ignore' });
  await once(running[i], 'spawn');
};
const kill = async (i) => {
  running[i].kill('SIGKILL');
  await once(running[i], 'close');
};
for (const [i, port] of ports.entries()) {
  mkdirSync(`n${i}`);
  writeFileSync(
    `n${i}/conf`,
    `listen: "127.0.0.1:${port}"\nserver_name: n${i}\njetstream { store_dir: "n${i}" }\n` +
      `cluster { name: c, listen: "127.0.0.1:${port + 100}", routes: [${routes}] }\n`,
  );
  await start(i);
}
await sleep(2000);
const connection = await connect({
  servers: ports.map((port) => `127.0.0.1:${port}`),
  maxReconnectAttempts: -1,
  reconnectTimeWait: 100,
});
const js = jetstream(connection, { timeout: 1000 });
const manager = await jetstreamManager(connection, { checkAPI: false, timeout: 1000 });
const untilDone = async (work) => {
  for (;;) {
    try {
      return await work();
    } catch {
      await sleep(100);
    }
  }
};
await untilDone(() => manager.streams.add({ name: 's', subjects: ['s.>'], num_replicas: 3 }));
await untilDone(() => js.publish('s.quiet', 'kept'));

let ended = false;
const write = async (subject) => {
  let last;
  for (let i = 1; !ended; i++) {
    try {
      const { seq } = await js.publish(subject, 'x'.repeat(1000));
      if (i % 40 !== 0) continue;
      if (last) await manager.streams.purge('s', { filter: subject, seq: last });
      last = seq;
    } catch {
      await sleep(20);
    }
  }
};
const writers = ['s.a', 's.b', 's.c', 's.d'].map(write);
const isThere = () => untilDone(() => manager.streams.getMessage('s', { last_by_subj: 's.quiet' }));
const giveUpAt = Date.now() + 300_000;
let gone = false;
for (let i = 0; !gone && Date.now() < giveUpAt; i++) {
  await sleep(700);
  await kill(i % 3);
  await sleep(600);
  await start(i % 3);
  await untilDone(() => js.publish('s.a', 'y'));
  gone = (await isThere()) === null;
}
console.log(`the message of the quiet subject is ${gone ? 'gone' : 'there'}`);
ended = true;
await Promise.all(writers);
await connection.close();
for (const i of ports.keys()) await kill(i);
JS
cat >expected <<'TEXT'
the message of the quiet subject is gone
TEXT
node run.mjs >actual
diff expected actual
echo 'As described.'
