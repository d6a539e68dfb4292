import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { teachPlugin } from './teach/plugin.js';

const server = `http://localhost:${process.env['PORT'] ?? '8080'}`;

export default defineConfig({
  root: 'web',
  plugins: [react(), teachPlugin(fileURLToPath(new URL('../../', import.meta.url)))],
  build: { outDir: '../dist/web', emptyOutDir: true, sourcemap: true },
  // `npm run dev` serves the pages with hot reload; everything live comes from a running `npm start`.
  server: {
    proxy: {
      '/longwave': { target: server, ws: true },
      '/echo': { target: server, ws: true, bypass: (request) => (request.headers.upgrade ? undefined : request.url) },
    },
  },
});
