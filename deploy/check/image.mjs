// Builds the Dockerfile with buildah, on a Debian of its own where the base image cannot be pulled, and runs what comes out.
import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findFreePort } from '@longwave/testkit/services';
import { connect } from 'longwave/client';
import { cache, expect, findProgram, say, start, statusOf, take, until } from './run.mjs';

const standIn = 'localhost/longwave-node-stand-in';
const image = 'localhost/longwave';
const buildah = [
  ...['buildah', '--root', `${cache}storage`, '--runroot', `${cache}run`],
  ...['--storage-driver', 'overlay'],
];

/** What `node:24-bookworm-slim` is: Debian, Node in /usr/local, npm, a user `node`. */
function makeStandIn() {
  const debian = `${cache}debian`;
  const node = `${cache}node`;
  if (!existsSync(`${debian}/etc/debian_version`)) {
    say('  debootstrap bookworm');
    take(['debootstrap', '--variant=minbase', 'bookworm', debian, 'http://deb.debian.org/debian']);
  }
  if (!existsSync(`${node}/node_modules/node/bin/node`)) {
    take(['npm', 'install', '--prefix', node, '--loglevel=error', 'node@24', 'npm@11']);
  }
  const container = take([...buildah, 'from', 'scratch']);
  const copy = (/** @type {string[]} */ ...places) => take([...buildah, 'copy', '--quiet', container, ...places]);
  copy(debian, '/');
  copy(`${node}/node_modules/node/bin/node`, '/usr/local/bin/node');
  copy(`${node}/node_modules/npm`, '/usr/local/lib/node_modules/npm');
  // For networks whose proxy has a certificate of its own.
  copy('/etc/ssl/certs/ca-certificates.crt', '/etc/ssl/certs/ca-certificates.crt');
  const setUp =
    'ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && groupadd -g 1000 node && useradd -u 1000 -g node -m node';
  take([...buildah, 'run', '--isolation', 'chroot', container, '--', 'sh', '-c', setUp]);
  take([...buildah, 'config', '--env', 'NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt', container]);
  take([...buildah, 'commit', '--quiet', container, standIn]);
  take([...buildah, 'rm', container]);
}

const hasImage = (/** @type {string} */ name) =>
  take([...buildah, 'images', '--format', '{{.Name}}'])
    .split('\n')
    .includes(name);

/** @returns {Promise<void>} */
export async function checkImage() {
  for (const name of ['buildah', 'debootstrap', 'unshare']) {
    if (findProgram(name) === undefined) throw new Error(`It takes ${name}: sudo apt-get install buildah debootstrap`);
  }
  mkdirSync(cache, { recursive: true });
  if (!hasImage(standIn)) makeStandIn();
  say('  buildah build');
  take([
    ...[...buildah, 'build', '--isolation', 'chroot', '--format', 'docker'],
    ...['--build-arg', `NODE_IMAGE=${standIn}`, '--ignorefile', 'deploy/Dockerfile.dockerignore'],
    ...['-f', 'deploy/Dockerfile', '-t', image, '.'],
  ]);
  const container = take([...buildah, 'from', '--pull-never', image]);
  const mount = take([...buildah, 'mount', container]);
  try {
    await runImage(mount);
  } finally {
    take([...buildah, 'umount', container]);
    take([...buildah, 'rm', container]);
  }
}

/** As a container runs it: its own processes, root read-only, nobody's privileges. @param {string} mount */
async function runImage(mount) {
  const { config } = JSON.parse(take([...buildah, 'inspect', '--type', 'image', image])).Docker;
  const { Entrypoint, Cmd, User, WorkingDir, StopSignal, Healthcheck, Env } = config;
  expect(User === 'node' && StopSignal === 'SIGTERM', 'the image runs as node and stops by SIGTERM');
  const size = take(['du', '-sm', path.join(mount, 'app')]).split('\t')[0];
  say(`  /app is ${size} MiB`);

  const port = await findFreePort();
  const secret = randomBytes(32).toString('hex');
  const settings = [...Env, `PORT=${port}`, 'HOST=127.0.0.1', `LONGWAVE_TOKEN_SECRET=${secret}`];
  const inside = [
    ...['chroot', '--userspec=node:node', mount, '/usr/bin/env', '-i', '-C', WorkingDir],
    ...settings,
    'HOME=/tmp',
  ];
  const readOnly = `mount --bind ${mount} ${mount} && mount -o remount,bind,ro ${mount} && mount -t proc proc ${mount}/proc && exec "$@"`;
  const isolated = ['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', readOnly, 'sh'];
  const server = start([...isolated, ...inside, ...Entrypoint, ...Cmd]);
  try {
    const ask = () => statusOf(`http://127.0.0.1:${port}/readyz`);
    await until('ready', async () => server.hasEnded() || (await ask()) === 200);
    expect((await ask()) === 200, 'it runs on a read-only root, and /readyz is 200');
    const health = () => start([...inside, ...Healthcheck.Test.slice(1)]).ended;
    expect((await health()) === '0', 'the health check passes');

    const user = 'ada';
    const token = `${user}.${createHmac('sha256', secret).update(user).digest('base64url')}`;
    const client = connect(`http://127.0.0.1:${port}`, { token });
    const { position } = await client.channel('chat/lobby').publish({ text: 'hello' });
    expect(position.offset === 1, 'a client with a token publishes');
    client.close();

    const inner = Number(readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').trim());
    const status = readFileSync(`/proc/${inner}/status`, 'utf8');
    expect(/^NSpid:.*\t1$/m.test(status) && /^Uid:\t1000\t/m.test(status), 'it is process 1, as user 1000');
    process.kill(inner, 'SIGTERM');
    expect((await server.ended) === '0', 'SIGTERM ends process 1 with exit code 0');
    expect((await health()) === '1', 'the health check fails when it is gone');
  } catch (error) {
    throw new Error(`${/** @type {Error} */ (error).message}\n${server.said()}`, { cause: error });
  } finally {
    await server.stop('SIGKILL');
  }
}
