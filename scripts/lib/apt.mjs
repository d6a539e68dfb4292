import { existsSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { say } from './lanes.mjs';
import { run } from './run.mjs';

/** What invoke-rc.d asks before it starts a service of a package. */
const policy = '/usr/sbin/policy-rc.d';

export function isDebianRoot() {
  return existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
}

/** Installs Debian's packages as root on Debian, and starts none of their services. Says what apt-get said when it failed. */
export async function aptInstall(packages) {
  if (!isDebianRoot()) return;
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    for (const args of [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', ...packages],
    ]) {
      const { code, output } = await run(['apt-get', ...args], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
      if (code !== 0) say(output);
    }
  } finally {
    if (ours) rmSync(policy);
  }
}
