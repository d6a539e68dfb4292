import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/** The first file of that name on the PATH, or where Debian keeps daemons. */
export function findProgram(name) {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, name))
    .find(existsSync);
}
