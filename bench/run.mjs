// node bench/run.mjs [--full] [--only fan-out,echo] [--peers longwave,floor,bun] [--repetitions N] [--out FILE]
import { prepare } from './harness/prepare.mjs';

prepare();
await import('./harness/command.mjs');
