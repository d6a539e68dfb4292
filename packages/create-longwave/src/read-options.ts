import { parseArgs } from 'node:util';
import { folderProblem, nameProblem } from './check-folder.js';
import { type PackageManager, isPackageManager, packageManagers } from './package-manager.js';
import { type TemplateName, isTemplate, templateNames } from './templates.js';
import { UsageError } from './usage-error.js';

/** The command line as it was given. A field that is undefined is asked for, or has a default. */
export interface Options {
  readonly folder: string | undefined;
  readonly template: TemplateName | undefined;
  readonly manager: PackageManager | undefined;
  /** False with `--no-install`. */
  readonly install: boolean | undefined;
  /** Take the default of whatever was not given. */
  readonly yes: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

/** Reads the words that follow the command. Throws `UsageError` for a flag, template or folder that cannot be. */
export function readOptions(words: readonly string[]): Options {
  const { values, positionals } = parse(words);
  const [folder, ...others] = positionals;
  if (others.length > 0) throw new UsageError(`One folder is enough: what is ${others.join(' ')}?`);
  if (folder !== undefined) checkFolder(folder);
  const { template, 'package-manager': manager } = values;
  if (template !== undefined && !isTemplate(template)) {
    throw new UsageError(`There is no template '${template}'. There are ${templateNames.join(', ')}.`);
  }
  if (manager !== undefined && !isPackageManager(manager)) {
    throw new UsageError(`There is no package manager '${manager}'. There are ${packageManagers.join(', ')}.`);
  }
  return {
    folder,
    template,
    manager,
    install: values['no-install'] ? false : undefined,
    yes: values.yes ?? false,
    help: values.help ?? false,
    version: values.version ?? false,
  };
}

export function checkFolder(folder: string): void {
  const problem = nameProblem(folder) ?? folderProblem(folder);
  if (problem !== undefined) throw new UsageError(problem);
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        template: { type: 'string', short: 't' },
        'package-manager': { type: 'string' },
        'no-install': { type: 'boolean' },
        yes: { type: 'boolean', short: 'y' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
