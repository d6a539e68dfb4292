import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './run.mjs';

const certificates = path.join(root, 'packages/longwave/src/cli/testing/');
export const certificate = `${certificates}localhost.pem`;
const key = `${certificates}localhost.key`;

/** The text of a file of this folder with what is otherwise on this machine. Each must stand in it. */
function fill(/** @type {string} */ file, /** @type {readonly (readonly [string, string])[]} */ replacements) {
  let text = readFileSync(path.join(root, 'deploy', file), 'utf8');
  for (const [written, here] of replacements) {
    if (!text.includes(written)) throw new Error(`deploy/${file} does not hold '${written}'.`);
    text = text.replaceAll(written, here);
  }
  return text;
}

/**
 * @typedef {object} Place
 * @property {number} port
 * @property {number} tlsPort
 * @property {readonly number[]} nodes
 * @property {string} folder for what it writes
 */

const backends = (/** @type {Place} */ { nodes }) =>
  nodes.map((node, i) => /** @type {const} */ ([`172.28.80.${i + 11}:8080`, `127.0.0.1:${node}`]));

/** @param {Place} place @returns {Record<string, string>} what is in the files, by their names */
export function nginxFiles(place) {
  const { port, tlsPort, folder } = place;
  const main = fill('nginx/nginx.conf', [
    ...backends(place),
    ['listen 80 ', `listen 127.0.0.1:${port} `],
    ['/etc/nginx/longwave/*.conf', `${folder}/tls.conf`],
    ['/run/nginx.pid', `${folder}/nginx.pid`],
    // No machine of its own here.
    ['worker_processes auto', 'worker_processes 2'],
    ['worker_rlimit_nofile 262144', 'worker_rlimit_nofile 8192'],
    ['worker_connections 131072', 'worker_connections 4096'],
    ['worker_shutdown_timeout 60s', 'worker_shutdown_timeout 2s'],
  ]);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const folders = temporary.map((name) => `  ${name}_temp_path ${folder}/${name};`).join('\n');
  const user = process.getuid?.() === 0 ? 'user root;\n' : '';
  return {
    'nginx.conf': `daemon off;\n${user}${main.replace('http {', `http {\n${folders}`)}`,
    'tls.conf': fill('nginx/tls.conf', [
      ['listen 443 ', `listen 127.0.0.1:${tlsPort} `],
      ['/etc/ssl/longwave/fullchain.pem', certificate],
      ['/etc/ssl/longwave/key.pem', key],
    ]),
  };
}

/** @param {Place} place @returns {Record<string, string>} */
export function haproxyFiles(place) {
  const { port, tlsPort, folder } = place;
  return {
    'haproxy.cfg': fill('haproxy/haproxy.cfg', [
      ...backends(place),
      ['bind :80 ', `bind 127.0.0.1:${port} `],
      ['bind :443 ', `bind 127.0.0.1:${tlsPort} `],
      ['/etc/haproxy/longwave.pem', `${folder}/longwave.pem`],
      ['maxconn 100000', 'maxconn 4000'],
      ['tune.ssl.cachesize 200000', 'tune.ssl.cachesize 2000'],
      ['hard-stop-after 60s', 'hard-stop-after 2s'],
    ]),
    'longwave.pem': readFileSync(certificate, 'utf8') + readFileSync(key, 'utf8'),
  };
}
