import { cancel, confirm, isCancel, select, text } from '@clack/prompts';
import { folderProblem, nameProblem } from './check-folder.js';
import { type PackageManager } from './package-manager.js';
import type { Options } from './read-options.js';
import { type TemplateName, templateNames, templates } from './templates.js';
import { UsageError } from './usage-error.js';

/** Everything that was decided. */
export interface Plan {
  readonly folder: string;
  readonly template: TemplateName;
  readonly manager: PackageManager;
  readonly install: boolean;
}

const defaultFolder = 'longwave-app';

/** Asks for whatever `options` leaves open. Returns undefined when the questions were cancelled. */
export async function ask(options: Options, manager: PackageManager): Promise<Plan | undefined> {
  const folder =
    options.folder ??
    (await text({
      message: 'Where?',
      placeholder: defaultFolder,
      defaultValue: defaultFolder,
      validate: (value = '') => (value === '' ? undefined : (nameProblem(value) ?? folderProblem(value))),
    }));
  if (isCancel(folder)) return stop();
  const template =
    options.template ??
    (await select({
      message: 'What is it to be?',
      options: templateNames.map((value) => ({ value, label: value, hint: templates[value] })),
    }));
  if (isCancel(template)) return stop();
  const install = options.install ?? (await confirm({ message: `Install with ${manager}?` }));
  if (isCancel(install)) return stop();
  return { folder, template, manager, install };
}

/** The plan where nobody can be asked. Throws `UsageError` unless `--yes` allows defaults, or nothing is open. */
export function planWithoutAsking(options: Options, manager: PackageManager): Plan {
  const { folder, template, install = true, yes } = options;
  if (!yes && (folder === undefined || template === undefined)) {
    throw new UsageError('Without a terminal: create-longwave FOLDER --template NAME, or --yes for the defaults.');
  }
  return { folder: folder ?? defaultFolder, template: template ?? 'chat', manager, install };
}

function stop(): undefined {
  cancel('Nothing was made.');
  return undefined;
}
