import { root } from './root.mjs';

/** The folder in which `npm start` keeps chats and documents over a restart. Empty: they are kept in memory alone. */
export function dataFolder(/** @type {NodeJS.ProcessEnv} */ env) {
  return env['DATA'] ?? `${root}.data`;
}
