import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPages } from './pages.js';

let folder: string;
let server: Server;
let url: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pages-'));
  mkdirSync(join(folder, 'web/assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'web/index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'web/assets/app.js'), 'app');
  server = createServer(createPages(join(folder, 'web'))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

/** Without the clean-up that `fetch` does to a path. */
function statusOf(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { path }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .on('error', reject)
      .end();
  });
}

describe('pages', () => {
  it('gives every path without an extension the app, and checks it again each time', async () => {
    for (const path of ['/', '/chat/lobby', '/echo?trace=1.2']) {
      const response = await fetch(url + path);
      expect(await response.text()).toBe('<!doctype html>');
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(response.headers.get('content-type')).toContain('text/html');
    }
  });

  it('lets browsers keep what has a hash in its name', async () => {
    const response = await fetch(`${url}/assets/app.js`);
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(response.headers.get('content-type')).toContain('javascript');
  });

  it('compresses what can be, for whoever takes it', async () => {
    const source = 'export const answer = 42;\n'.repeat(500);
    writeFileSync(join(folder, 'web/assets/large.js'), source);
    for (const encoding of ['br', 'gzip']) {
      const response = await fetch(`${url}/assets/large.js`, { headers: { 'accept-encoding': encoding } });
      expect(response.headers.get('content-encoding')).toBe(encoding);
      expect(response.headers.get('vary')).toMatch(/accept-encoding/i);
      expect(response.headers.get('content-type')).toContain('javascript');
      expect(await response.text()).toBe(source);
    }
    const plain = await fetch(`${url}/assets/large.js`, { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.text()).toBe(source);
  });

  it('sends the same strict headers with everything, refusals too', async () => {
    for (const path of ['/', '/assets/app.js', '/none.js']) {
      const response = await fetch(url + path);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  it('lets pages connect to the ports of their host, and a strange host name widens nothing', async () => {
    const policyFor = (host: string) =>
      new Promise<string>((resolve, reject) => {
        request(url, { headers: { host } }, (response) => {
          response.resume();
          resolve(/connect-src ([^;]*)/.exec(String(response.headers['content-security-policy']))![1]!);
        })
          .on('error', reject)
          .end();
      });
    expect(await policyFor('gallery.test:8080')).toBe("'self' http://gallery.test:* ws://gallery.test:*");
    expect(await policyFor('[::1]:8080')).toBe("'self' http://[::1]:* ws://[::1]:*");
    for (const bad of ['*', 'a b', "x; script-src 'unsafe-inline'", 'a,b']) expect(await policyFor(bad)).toBe("'self'");
  });

  it('serves nothing outside of its folder and survives every path', async () => {
    const paths = [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/assets/../../secret.txt',
      '/%.js',
      '/%00.js',
      '/.js',
    ];
    for (const path of paths) expect(await statusOf(path)).toBeGreaterThanOrEqual(400);
    expect((await fetch(`${url}/`, { method: 'POST' })).status).toBe(405);
  });

  it('goes on when the pages are built anew under it', async () => {
    expect((await fetch(`${url}/assets/app.js`)).status).toBe(200);
    rmSync(join(folder, 'web/assets/app.js'));
    expect((await fetch(`${url}/assets/app.js`)).status).toBe(404);
    writeFileSync(join(folder, 'web/assets/new.js'), 'new');
    expect(await (await fetch(`${url}/assets/new.js`)).text()).toBe('new');
  });
});
