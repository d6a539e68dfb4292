// `npm run test:proxies`: installs the proxies where that can be done, and runs the tests behind them.
import process from 'node:process';
import { aptInstall } from './lib/apt.mjs';
import { findProgram } from './lib/programs.mjs';
import { root } from './lib/root.mjs';
import { bin, run } from './lib/run.mjs';

const programs = ['nginx', 'haproxy', 'squid'];
const missing = () => programs.filter((name) => findProgram(name) === undefined);

if (missing().length > 0) await aptInstall(missing());
const absent = missing();
if (absent.length > 0) {
  console.log(
    `The tests behind real proxies need ${absent.join(', ')}, and there ${absent.length > 1 ? 'are' : 'is'} none here.`,
  );
  console.log(
    `Debian: sudo apt-get install --no-install-recommends ${absent.join(' ')}. They need not run as services.`,
  );
  process.exit(1);
}

const { code } = await run(
  bin('vitest/vitest.mjs', 'run', '--config', 'proxies/vitest.config.ts', ...process.argv.slice(2)),
  {
    echo: true,
    env: {
      // Debian keeps daemons where not everybody looks.
      PATH: `${process.env['PATH']}:/usr/sbin:/usr/local/sbin`,
      // Read when Node starts, for `fetch` in the workers.
      NODE_EXTRA_CA_CERTS: `${root}packages/longwave/src/cli/testing/localhost.pem`,
    },
  },
);
process.exitCode = code;
