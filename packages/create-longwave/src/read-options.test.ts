import { describe, expect, it } from 'vitest';
import { planWithoutAsking } from './ask.js';
import { managerOf, runCommand } from './package-manager.js';
import { readOptions } from './read-options.js';

const none = { folder: undefined, template: undefined, manager: undefined, install: undefined };

describe('readOptions', () => {
  it('leaves open what was not given', () => {
    expect(readOptions([])).toEqual({ ...none, yes: false, help: false, version: false });
  });

  it('reads every flag', () => {
    const words = ['no-such-folder', '-t', 'bare', '--package-manager', 'pnpm', '--no-install', '-y'];
    expect(readOptions(words)).toMatchObject({
      folder: 'no-such-folder',
      template: 'bare',
      manager: 'pnpm',
      install: false,
      yes: true,
    });
  });

  it.each([
    [['--template', 'chess'], "There is no template 'chess'. There are chat"],
    [['--package-manager', 'cargo'], "There is no package manager 'cargo'"],
    [['--tempalte', 'chat'], '--tempalte'],
    [['My App'], "'My App' cannot be the name of a package"],
    [['packages'], 'packages is not empty'],
    [['a', 'b'], 'what is b?'],
  ])('refuses %j', (words, message) => {
    expect(() => readOptions(words)).toThrow(message);
  });
});

describe('planWithoutAsking', () => {
  it('takes defaults where --yes allows them', () => {
    expect(planWithoutAsking(readOptions(['--yes']), 'npm')).toEqual({
      folder: 'longwave-app',
      template: 'chat',
      manager: 'npm',
      install: true,
    });
  });

  it('wants folder and template otherwise', () => {
    expect(() => planWithoutAsking(readOptions(['--template', 'bare']), 'npm')).toThrow('--yes');
    expect(planWithoutAsking(readOptions(['no-such-folder', '-t', 'bare']), 'yarn')).toMatchObject({ manager: 'yarn' });
  });
});

describe('the package manager', () => {
  it.each([
    ['pnpm/10.20.0 npm/? node/v20.20.2 linux x64', 'pnpm', 'pnpm dev'],
    ['yarn/1.22.22 npm/? node/v20.20.2', 'yarn', 'yarn dev'],
    ['npm/11.19.1 node/v20.20.2', 'npm', 'npm run dev'],
    ['bun/1.3.0', 'bun', 'bun run dev'],
    ['cnpm/9', 'npm', 'npm run dev'],
    [undefined, 'npm', 'npm run dev'],
  ])('of %s is %s', (agent, manager, command) => {
    expect(managerOf(agent)).toBe(manager);
    expect(runCommand(managerOf(agent), 'dev')).toBe(command);
  });
});
