/** The commands of a package manager that people are told. */
export const packageManagers = ['npm', 'pnpm', 'yarn', 'bun'] as const;

export type PackageManager = (typeof packageManagers)[number];

export function isPackageManager(name: string): name is PackageManager {
  return packageManagers.some((each) => each === name);
}

/** The one that runs this process, as `npm_config_user_agent` names it: `pnpm/10.20.0 npm/? node/v20.20.2`. */
export function managerOf(userAgent = ''): PackageManager {
  const name = userAgent.split('/', 1)[0] ?? '';
  return isPackageManager(name) ? name : 'npm';
}

/** `npm run dev`, which the others say without `run`. */
export function runCommand(manager: PackageManager, script: string): string {
  return manager === 'npm' || manager === 'bun' ? `${manager} run ${script}` : `${manager} ${script}`;
}
