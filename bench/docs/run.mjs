// npm run bench:docs [-- --short | --tiny] [--only open,typing] [--peers longwave,hocuspocus] [--repetitions N] [--out FILE]:
// documents beside the servers that Yjs has. Medians of interleaved repetitions; servers on one core, clients on the other.
import { execFileSync } from 'node:child_process';
import { installPeers } from '../harness/install.mjs';
import { generatorCore } from '../harness/cores.mjs';

installPeers();
execFileSync('taskset', ['-acp', String(generatorCore), String(process.pid)], { stdio: 'ignore' });
// Imported late: its packages may just have been installed.
const { run } = await import('./command.mjs');
process.exit(await run());
