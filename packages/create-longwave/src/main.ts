import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { intro, outro } from '@clack/prompts';
import { type Plan, ask, planWithoutAsking } from './ask.js';
import { createApplication, ownVersion } from './create-application.js';
import { managerOf, packageManagers, runCommand } from './package-manager.js';
import { checkFolder, readOptions } from './read-options.js';
import { templateNames, templates } from './templates.js';
import { UsageError } from './usage-error.js';

const help = `npm create longwave [FOLDER] -- [--template NAME]

  -t, --template NAME       ${templateNames.join(', ')}
  --package-manager NAME    ${packageManagers.join(', ')}; default: the one that runs this
  --no-install              writes the files alone
  -y, --yes                 asks nothing: longwave-app, chat, and install
  -h, --help, --version

${templateNames.map((name) => `  ${name.padEnd(10)} ${templates[name]}`).join('\n')}
`;

async function main(words: readonly string[]): Promise<number> {
  const options = readOptions(words);
  if (options.help || options.version) {
    console.log(options.help ? help : ownVersion());
    return 0;
  }
  const manager = options.manager ?? managerOf(process.env['npm_config_user_agent']);
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  if (isTerminal && !options.yes) intro('Longwave');
  const plan = isTerminal && !options.yes ? await ask(options, manager) : planWithoutAsking(options, manager);
  if (plan === undefined) return 130;
  checkFolder(plan.folder);
  createApplication(plan.folder, plan.template);
  const code = plan.install ? await install(plan) : 0;
  const end = isTerminal && !options.yes ? outro : console.log;
  end(nextSteps(plan, code === 0));
  return code;
}

async function install({ folder, manager }: Plan): Promise<number> {
  console.log(`${manager} install`);
  const child = spawn(manager, ['install'], { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' });
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code ?? 1;
  } catch (error) {
    console.error(`${manager} cannot be run: ${(error as Error).message}`);
    return 1;
  }
}

function nextSteps({ folder, template, manager, install }: Plan, isInstalled: boolean): string {
  const steps = [
    ...(path.resolve(folder) === process.cwd() ? [] : [`cd ${folder}`]),
    ...(install && isInstalled ? [] : [`${manager} install`]),
    runCommand(manager, 'dev'),
  ];
  return `Made ${template} in ${folder}. Go on with:\n\n${steps.map((step) => `  ${step}`).join('\n')}\n`;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
