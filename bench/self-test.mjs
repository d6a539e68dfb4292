// A checker that has not caught a planted bug is not a checker: node bench/self-test.mjs
import { prepare } from './harness/prepare.mjs';

prepare();
await import('./self-test/check.mjs');
