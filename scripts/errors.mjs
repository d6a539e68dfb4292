// `npm run errors` writes docs/errors.md; check-docs.mjs says when it is not what the codes are.
import { writeFileSync } from 'node:fs';
import { errorsPage } from './lib/errors-page.mjs';
import { root } from './lib/root.mjs';

writeFileSync(`${root}docs/errors.md`, errorsPage());
