import process from 'node:process';
import { createProgram } from './program.js';

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that left, such as `head`, is no failure of any command.
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await createProgram().run(process.argv);
