import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDocs } from './docs.js';

let folder: string;
let server: Server;
let url: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'docs-'));
  const serve = createDocs(join(folder, 'site'));
  server = createServer((request, response) => {
    if (!serve(request, response)) response.writeHead(418).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

function build(): void {
  mkdirSync(join(folder, 'site/assets'), { recursive: true });
  mkdirSync(join(folder, 'site/guides'), { recursive: true });
  writeFileSync(join(folder, 'secret.html'), 'secret');
  writeFileSync(join(folder, 'site/index.html'), 'front');
  writeFileSync(join(folder, 'site/404.html'), 'no such page');
  writeFileSync(join(folder, 'site/guides/chat.html'), 'chat');
  writeFileSync(join(folder, 'site/assets/app.js'), 'app');
}

describe('docs', () => {
  it('says that it is not built, looks again by itself, and serves the site as soon as it is there', async () => {
    const early = await fetch(`${url}/docs/guides/chat`);
    expect(early.status).toBe(503);
    expect(early.headers.get('cache-control')).toBe('no-store');
    expect(await early.text()).toMatch(/http-equiv="refresh"[^]*not built yet/);
    build();
    expect(await (await fetch(`${url}/docs/guides/chat`)).text()).toBe('chat');
  });

  it('gives a page for a path without an ending, and lets browsers keep what has a hash in its name', async () => {
    build();
    const front = await fetch(`${url}/docs?from=menu`);
    expect(front.url).toBe(`${url}/docs/?from=menu`);
    expect(await front.text()).toBe('front');
    const page = await fetch(`${url}/docs/guides/chat?q=1`);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect((await fetch(`${url}/docs/assets/app.js`)).headers.get('cache-control')).toContain('immutable');
  });

  it('allows no script or style inside of a page', async () => {
    build();
    for (const path of ['/docs/', '/docs/none', '/docs/assets/app.js']) {
      const policy = (await fetch(url + path)).headers.get('content-security-policy');
      expect(policy).toContain("script-src 'self'; style-src 'self';");
      expect(policy).not.toContain('unsafe');
    }
  });

  it('answers for nothing but its own paths, and for nothing outside of its folder', async () => {
    build();
    for (const path of ['/', '/docsx', '/chat/docs']) expect((await fetch(url + path)).status).toBe(418);
    const none = await fetch(`${url}/docs/none`);
    expect(none.status).toBe(404);
    expect(await none.text()).toBe('no such page');
    for (const path of ['/docs/..%2fsecret', '/docs/%2e%2e%2fsecret.html', '/docs/%00']) {
      const response = await fetch(url + path);
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(await response.text()).not.toContain('secret');
    }
    expect((await fetch(`${url}/docs/`, { method: 'POST' })).status).toBe(405);
  });
});
