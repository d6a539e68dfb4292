import { existsSync } from 'node:fs';
import { compileGenerator } from './compile.mjs';
import { installPeers } from './install.mjs';

/**
 * Sees to everything that is not in the repository. To be called before anything that imports a peer is imported. Throws,
 * and says what to do, when Longwave has not been built or there is no C compiler.
 */
export function prepare() {
  if (!existsSync(new URL('../../packages/longwave/dist/index.js', import.meta.url))) {
    throw new Error(
      'Longwave has not been built: run "npm ci" and "npm run build" in the root of the repository first.',
    );
  }
  installPeers();
  compileGenerator();
}
