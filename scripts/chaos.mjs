// `npm run chaos`: compiles what changed, sees to the stores' servers, then hands the terminal to the harness in chaos/.
import process from 'node:process';
import { aptInstall } from './lib/apt.mjs';
import { findProgram } from './lib/programs.mjs';
import { root } from './lib/root.mjs';
import { bin, run } from './lib/run.mjs';

const isScenario = process.argv.some((word) => word.startsWith('--scenario'));
const servers = ['redis-server', 'nats-server', ...(isScenario ? ['haproxy'] : [])];
const missing = () => servers.filter((name) => findProgram(name) === undefined);
if (missing().length > 0) await aptInstall(missing());
if (missing().length > 0) {
  console.log(`Stores and balancer are real servers, and ${missing().join(' and ')} cannot be found here.`);
  console.log(
    `Debian: sudo apt-get install --no-install-recommends ${missing().join(' ')}. They need not run as services.`,
  );
  process.exit(1);
}
// Debian keeps daemons where not everybody looks.
process.env['PATH'] = `${process.env['PATH']}:/usr/sbin:/usr/local/sbin`;

const built = await run(bin('typescript/bin/tsc', '-b', 'chaos'), { echo: true });
if (built.code !== 0) process.exit(built.code);
const { main } = await import(`${root}chaos/dist/cli.js`);
process.exitCode = await main(process.argv.slice(2));
