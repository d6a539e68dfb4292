import { rmSync } from 'node:fs';
import process from 'node:process';
import type { TestProject } from 'vitest/node';
import { makeEmptyFolder, runIn } from './empty-folder.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of tarballs. */
    readonly packed: string;
  }
}

/** Packs once for all files. */
export async function setup(project: TestProject): Promise<() => void> {
  const folder = makeEmptyFolder();
  await runIn(project.config.root, [process.execPath, 'scripts/pack.mjs', folder]);
  project.provide('packed', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
