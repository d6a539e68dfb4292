// `npm run chaos`: compiles what changed, then hands the terminal to the harness of chaos/.
import process from 'node:process';
import { root } from './lib/root.mjs';
import { bin, run } from './lib/run.mjs';

const built = await run(bin('typescript/bin/tsc', '-b', 'chaos'), { echo: true });
if (built.code !== 0) process.exit(built.code);
const { main } = await import(`${root}chaos/dist/cli.js`);
process.exitCode = await main(process.argv.slice(2));
