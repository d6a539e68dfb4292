import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { longwave, longwaveWith, serve } from './testing/run.js';

// For localhost and 127.0.0.1, signed by itself, valid until 2126. It protects nothing.
const file = (name: string): string => fileURLToPath(new URL(`./testing/${name}`, import.meta.url));
const cert = file('localhost.pem');
const key = file('localhost.key');

it('serves https and wss, to clients that trust the certificate and to no others', async () => {
  const { url } = await serve(0, '--tls-cert', cert, '--tls-key', key);
  expect(url).toMatch(/^https:/);
  const pub = longwaveWith({ NODE_EXTRA_CA_CERTS: cert }, 'pub', 'news', '--url', url);
  pub.type('secret');
  pub.endInput();
  expect(await pub.ended).toBe(0);
  const byName = url.replace('127.0.0.1', 'localhost');
  const sub = longwaveWith(
    { NODE_EXTRA_CA_CERTS: cert },
    'sub',
    'news',
    '--url',
    byName,
    '--last',
    '1',
    '--count',
    '1',
  );
  expect(await sub.ended).toBe(0);
  expect(JSON.parse(sub.out.all[0]!)).toMatchObject({ data: 'secret' });

  const wss = `${url.replace('https', 'wss')}/longwave`;
  const wary = longwave('ws', wss, '--protocol', 'longwave.v1.json');
  expect(await wary.ended).toBe(1);
  expect(wary.err.all).toEqual([expect.stringMatching(/^close 1006 .*certificate/)]);
  const careless = longwave('ws', wss, '--protocol', 'longwave.v1.json', '--insecure');
  careless.endInput();
  expect(await careless.ended).toBe(0);
});

it('refuses to start without one of the two files, or with one that is not there', async () => {
  const half = longwave('serve', '--tls-cert', cert);
  const missing = longwave('serve', '--tls-cert', cert, '--tls-key', '/no/such/key.pem');
  expect(await half.ended).toBe(1);
  expect(half.err.all).toEqual(['longwave: --tls-cert and --tls-key go together.']);
  expect(await missing.ended).toBe(1);
  expect(missing.err.all.join('\n')).toContain('/no/such/key.pem');
});
