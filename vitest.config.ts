import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests run on the sources, so that a change is seen without a build.
const packages = fileURLToPath(new URL('./packages/', import.meta.url));
const alias = readdirSync(packages).map((name) => ({
  find: new RegExp(`^@longwave/${name}$`),
  replacement: `${packages}${name}/src/index.ts`,
}));

export default defineConfig({
  resolve: { alias },
  test: { include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts'] },
});
