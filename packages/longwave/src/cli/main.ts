import process from 'node:process';
import { createProgram } from './program.js';

process.exitCode = await createProgram().run(process.argv);
