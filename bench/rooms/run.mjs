// npm run bench:rooms [-- --short] [--only 100-near,200x8] [--repetitions N] [--out FILE]: rooms beside Colyseus. Medians of
// interleaved repetitions; the server on one core, the players on the other.
import { execFileSync } from 'node:child_process';
import { generatorCore } from '../harness/cores.mjs';
import { installPeers } from '../harness/install.mjs';

installPeers();
execFileSync('taskset', ['-acp', String(generatorCore), String(process.pid)], { stdio: 'ignore' });
// Imported late: its packages may just have been installed.
const { run } = await import('./command.mjs');
process.exit(await run());
