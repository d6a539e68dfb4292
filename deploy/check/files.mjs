// What can be said of the files without running what they describe: by nginx, HAProxy, systemd and Compose themselves.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { haproxyFiles, nginxFiles } from './fill.mjs';
import { expect, findProgram, root, say, take } from './run.mjs';

/** The most that `systemd-analyze security` may say, of 10. */
const exposureBar = 1.5;

const read = (/** @type {string} */ file) => readFileSync(path.join(root, 'deploy', file), 'utf8');

/** Is `text` a part of `file`, so that one is not changed without the other? */
function holds(/** @type {string} */ file, /** @type {string} */ text) {
  expect(read(file).includes(text), `deploy/${file} says ${text}`);
}

function checkCompose() {
  const text = read('compose.yaml');
  const mounted = [...text.matchAll(/^ +- (\.\/\S+?):/gm)].map(([, file = '']) => file);
  expect(
    mounted.length > 0 && mounted.every((file) => existsSync(path.join(root, 'deploy', file))),
    `compose.yaml mounts what is there: ${[...new Set(mounted)].join(', ')}`,
  );
  const addresses = [...text.matchAll(/ipv4_address: (\S+)/g)].map(([, address = '']) => address);
  for (const file of ['nginx/nginx.conf', 'haproxy/haproxy.cfg'])
    for (const address of addresses)
      if (!read(file).includes(`${address}:8080`)) throw new Error(`${file}: ${address}`);
  expect(addresses.length === 3, `nginx and HAProxy name its nodes: ${addresses.join(', ')}`);
  const compose = findProgram('docker-compose');
  if (!compose) return say('  docker-compose is not here: the schema of compose.yaml was not checked');
  const settings = ['--env-file', 'deploy/.env', '-f', 'deploy/compose.yaml'];
  const secret = 'LONGWAVE_TOKEN_SECRET=0123456789abcdef0123456789abcdef';
  for (const profile of ['redis', 'nats']) {
    const command = ['env', secret, `COMPOSE_PROFILES=${profile}`, compose, ...settings, 'config', '--services'];
    const services = take(command).split('\n').toSorted();
    expect(services.includes(profile), `docker-compose takes profile ${profile}: ${services.join(', ')}`);
  }
  let refused = false;
  try {
    take(['env', '-u', 'LONGWAVE_TOKEN_SECRET', compose, ...settings, 'config', '--quiet']);
  } catch {
    refused = true;
  }
  expect(refused, 'without a secret for tokens it does not start');
}

function checkUnit() {
  const analyze = findProgram('systemd-analyze');
  if (!analyze) return say('  systemd-analyze is not here: longwave.service was not checked');
  // It wants the programs to be where the unit says.
  const node = findProgram('node') ?? '/usr/bin/node';
  const folder = mkdtempSync(path.join(tmpdir(), 'longwave-unit-'));
  const unit = path.join(folder, 'longwave.service');
  writeFileSync(unit, read('longwave.service').replace('/usr/bin/node', node));
  try {
    const said = take(['sh', '-c', `${analyze} verify ${unit} 2>&1`]);
    expect(said === '', 'systemd-analyze verify has nothing to say of longwave.service');
    const exposure = Number(/level for \S+: ([\d.]+)/.exec(take([analyze, 'security', '--offline=true', unit]))?.[1]);
    expect(exposure <= exposureBar, `systemd-analyze security: exposure ${exposure} of 10`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const drain = Number(/--drain (\d+)/.exec(read('longwave.service'))?.[1]);
  const stop = Number(/TimeoutStopSec=(\d+)/.exec(read('longwave.service'))?.[1]);
  expect(stop > drain + 5 + 10, `the unit stops within ${stop} s, longer than its drain of ${drain} s takes`);
}

function checkProxies() {
  const folder = mkdtempSync(path.join(tmpdir(), 'longwave-files-'));
  const place = { port: 8081, tlsPort: 8444, nodes: [9001, 9002, 9003], folder };
  try {
    for (const [file, text] of Object.entries({ ...nginxFiles(place), ...haproxyFiles(place) }))
      writeFileSync(path.join(folder, file), text);
    const nginx = findProgram('nginx');
    const haproxy = findProgram('haproxy');
    if (nginx) take([nginx, '-t', '-q', '-e', 'stderr', '-c', path.join(folder, 'nginx.conf')]);
    say(nginx ? '  nginx -t takes nginx.conf and tls.conf' : '  nginx is not here: nginx.conf was not checked');
    if (haproxy) take([haproxy, '-c', '-q', '-f', path.join(folder, 'haproxy.cfg')]);
    say(haproxy ? '  haproxy -c takes haproxy.cfg' : '  HAProxy is not here: haproxy.cfg was not checked');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns {Promise<void>} */
export async function checkFiles() {
  checkCompose();
  checkUnit();
  checkProxies();
  holds('Dockerfile', 'STOPSIGNAL SIGTERM');
  holds('compose.yaml', 'stop_grace_period: 45s');
}
