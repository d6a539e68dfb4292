#!/usr/bin/env bash
# Bun 1.4.5: `Bun.serve` with `development: false` shares its port: a second server on it is no error.
#
# The documentation gives `reusePort` the default false. With `development: false` it is true: two servers listen on one port, in one
# process or in two, and each gets a part of the connections. With `reusePort: false` the second one fails with EADDRINUSE, as it
# does without `development`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @oven/bun-linux-x64@1.4.5
cat >run.mjs <<'JS'
for (const options of [{}, { development: false }, { development: false, reusePort: false }]) {
  const serve = (port) => Bun.serve({ hostname: '127.0.0.1', port, fetch: () => new Response('x'), ...options });
  const { port } = serve(0);
  let second = 'listens too';
  try {
    serve(port);
  } catch (error) {
    second = error.code;
  }
  console.log(`${JSON.stringify(options)}: ${second}`);
}
process.exit(0);
JS
cat >expected <<'TEXT'
{}: EADDRINUSE
{"development":false}: listens too
{"development":false,"reusePort":false}: EADDRINUSE
TEXT
node_modules/@oven/bun-linux-x64/bin/bun run.mjs >actual
diff expected actual
echo 'As described.'
