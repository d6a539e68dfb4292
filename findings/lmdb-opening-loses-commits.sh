#!/usr/bin/env bash
# lmdb 3.5.6: a commit that returned is lost when another process opens the environment at that moment.
#
# `mdb_env_open2` ends with `env->me_txns->mti_txnid = meta.mm_txnid`: every process that opens the environment sets the number of
# the newest transaction, which all processes share, to the one that it read from the file shortly before. No lock is held, so
# commits between the two are forgotten: the next transaction begins where the file was before them and takes the place of one,
# or meets pages that are newer than itself and fails with "MDB_BAD_TXN ... mdb_page_touch no parent". LMDB had the same fault:
# OpenLDAP ITS#9496, mended in LMDB 0.9.29.
#
# One process counts up, a transaction for each number. Four others open the environment, read nothing, and end. The one that
# counts looks in each transaction, before it writes, whether it finds the number that it committed last.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund lmdb@3.5.6
cat >open.mjs <<'JS'
import { open } from 'lmdb';

for (;;) await open({ path: 'data', noSubdir: false, overlappingSync: false, mapSize: 2 ** 30 }).close();
JS
cat >run.mjs <<'JS'
import { spawn } from 'node:child_process';
import { open } from 'lmdb';

const db = open({ path: 'data', noSubdir: false, overlappingSync: false, mapSize: 2 ** 30 });
const openers = Array.from({ length: 4 }, () => spawn(process.execPath, ['open.mjs'], { stdio: 'ignore' }));
const until = Date.now() + 120_000;
let committed = 0;
let found = 0;
while (found === committed && Date.now() < until) {
  db.transactionSync(() => {
    found = db.get('n') ?? 0;
    if (found === committed) db.putSync('n', committed + 1);
  });
  if (found === committed) found = ++committed;
  if (committed % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
}
for (const opener of openers) opener.kill('SIGKILL');
console.log(found === committed ? 'no commit was lost within two minutes' : 'a commit was lost');
process.exit();
JS
cat >expected <<'TEXT'
a commit was lost
TEXT
node run.mjs >actual
diff expected actual
echo 'As described.'
