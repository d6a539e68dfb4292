import { defineConfig } from 'vite';

// The page and its changes come from Vite; everything live comes from the server.
export default defineConfig({
  server: {
    proxy: {
      '/longwave': { target: process.env['SERVER'] ?? 'http://127.0.0.1:8080', ws: true },
    },
  },
});
