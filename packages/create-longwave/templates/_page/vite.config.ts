import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const server = `http://127.0.0.1:${process.env['PORT'] ?? 8080}`;

export default defineConfig({
  root: 'web',
  plugins: [react()],
  build: { outDir: '../dist/web', emptyOutDir: true },
  // While you develop, the page comes from Vite and everything live from the server.
  server: { proxy: { '/longwave': { target: server, ws: true }, '/api': server } },
  test: { root: '.', environment: 'node', env: { SECRET: 'a-secret-that-is-for-the-tests-alone' } },
});
