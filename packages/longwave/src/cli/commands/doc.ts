import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { buffer } from 'node:stream/consumers';
import type { DocumentVersion } from '@longwave/core';
import { type Command, Option } from 'commander';
import { DocumentApi } from '../documents/document-api.js';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.js';
import { Output } from '../output.js';

interface ServerFlags {
  readonly url: string;
  readonly key?: string;
}

interface CatFlags extends ServerFlags {
  readonly at?: string;
  readonly root?: string;
  readonly json?: boolean;
}

interface SizeFlags extends ServerFlags {
  readonly json?: boolean;
}

interface UserFlags extends ServerFlags {
  readonly user?: string;
}

interface ImportFlags extends UserFlags {
  readonly root: string;
  readonly update?: boolean;
}

interface HistoryFlags extends UserFlags {
  readonly json?: boolean;
  readonly save?: string;
}

export function addDoc(program: Command, done: (code: Promise<ExitCode>) => void): void {
  const doc = program
    .command('doc')
    .summary('read, restore, import and compact documents of a running server')
    .description('Works on documents of Yjs over the HTTP API of a running server. Needs yjs and y-protocols.');
  const add = (name: string, summary: string, ...more: readonly (readonly [string, string])[]): Command => {
    const command = doc.command(name).summary(summary).description(`${summary}.`);
    command.addArgument(command.createArgument('<document>', 'the name of its channel'));
    for (const [argument, description] of more) command.argument(argument, description);
    return command
      .addOption(new Option('-u, --url <url>', 'any node').default('http://localhost:8080'))
      .addOption(new Option('-k, --key <key>', 'a key of the HTTP API').env('LONGWAVE_API_KEY'));
  };
  const user = new Option('--user <user>', 'in whose name');

  add('cat', 'Print the text of a document')
    .option('--at <version>', 'as a version has it')
    .option('-r, --root <name>', 'the root of the document (default: the only one that has text)')
    .option('--json', 'print all roots as JSON')
    .action((name: string, flags: CatFlags) => done(cat(name, flags)));
  add('history', 'List the versions of a document, the oldest first')
    .option('--json', 'one JSON object a line')
    .option('--save <name>', 'first keep the document as it is now, under this name')
    .addOption(user)
    .action((name: string, flags: HistoryFlags) => done(history(name, flags)));
  add('restore', 'Make a document say what a version says, by an edit of what differs', ['<version>', 'its id'])
    .addOption(user)
    .action((name: string, version: string, flags: UserFlags) => done(restore(name, version, flags)));
  add('import', 'Make a text of a document say what a file says', ['[file]', 'default: standard input'])
    .option('-r, --root <name>', 'the text in the document', 'body')
    .option('--update', 'the file is an update of Yjs: merge it into the document')
    .addOption(user)
    .action((name: string, file: string | undefined, flags: ImportFlags) => done(importFile(name, file, flags)));
  add('size', 'Print how much the store keeps of a document: the bytes of its snapshot, and of the updates since')
    .option('--json', 'as JSON')
    .action((name: string, flags: SizeFlags) => done(size(name, flags)));
  add('compact', 'Put one update in the place of all, without what was deleted').action(
    (name: string, flags: ServerFlags) => done(compact(name, flags)),
  );
}

async function cat(name: string, { at, root, json, ...flags }: CatFlags): Promise<ExitCode> {
  const tools = await loadTools();
  const doc = tools.open(await apiOf(name, flags).content(at));
  return print(json ? JSON.stringify(tools.json(doc)) : readText(() => tools.text(doc, root)));
}

async function history(name: string, { json, save, user, ...flags }: HistoryFlags): Promise<ExitCode> {
  const api = apiOf(name, flags);
  if (save !== undefined) await api.save(save, user);
  const versions = await api.versions();
  return print(...versions.map((version) => (json ? JSON.stringify(version) : describe(version))));
}

async function restore(name: string, version: string, { user, ...flags }: UserFlags): Promise<ExitCode> {
  const tools = await loadTools();
  const api = apiOf(name, flags);
  const model = tools.open(await api.content(version));
  const doc = tools.open(await api.content());
  await api.publish(
    tools.messagesOf(doc, (own) => tools.becomeLike(own, model)),
    user,
  );
  return exitCodes.done;
}

async function importFile(
  name: string,
  file: string | undefined,
  { root, update, user, ...flags }: ImportFlags,
): Promise<ExitCode> {
  const tools = await loadTools();
  const bytes = file === undefined || file === '-' ? await buffer(process.stdin) : await readInput(file);
  const api = apiOf(name, flags);
  const doc = tools.open(await api.content());
  const messages = tools.messagesOf(doc, (own) =>
    update ? applyTo(() => tools.applyUpdate(own, bytes)) : tools.setText(own, root, textOf(bytes)),
  );
  await api.publish(messages, user);
  return exitCodes.done;
}

async function size(name: string, { json, ...flags }: SizeFlags): Promise<ExitCode> {
  const found = await apiOf(name, flags).size();
  if (json) return print(JSON.stringify(found));
  const { bytes, snapshotBytes, updates } = found;
  return print(`${bytes} bytes: a snapshot of ${snapshotBytes}, and ${updates} updates of ${bytes - snapshotBytes}`);
}

async function compact(name: string, flags: ServerFlags): Promise<ExitCode> {
  const isDone = await apiOf(name, flags).compact();
  return print(isDone ? 'compacted' : 'nothing to compact');
}

function apiOf(name: string, { url, key }: ServerFlags): DocumentApi {
  if (key === undefined) throw new CommandError('--key or LONGWAVE_API_KEY has to name a key of the HTTP API.');
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw new CommandError(`${url} is no http or https URL.`);
  return new DocumentApi(url, key, name);
}

async function loadTools() {
  try {
    return (await import('@longwave/yjs/server')).documentTools;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new CommandError('Documents need two more packages: npm install yjs y-protocols');
  }
}

async function readInput(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CommandError('The input is not UTF-8.');
  }
}

function applyTo(apply: () => void): void {
  try {
    apply();
  } catch {
    throw new CommandError('The input is no update of Yjs.');
  }
}

function readText(read: () => string): string {
  try {
    return read();
  } catch (error) {
    throw error instanceof RangeError ? new CommandError(`${error.message} Give --root or --json.`) : error;
  }
}

function describe({ id, time, offset, bytes, name, user }: DocumentVersion): string {
  const parts = [id.padStart(4), new Date(time).toISOString(), `offset ${offset}`, `${bytes} bytes`];
  return [...parts, ...(name === undefined ? [] : [`"${name}"`]), ...(user === undefined ? [] : [`by ${user}`])].join(
    '  ',
  );
}

async function print(...lines: readonly string[]): Promise<ExitCode> {
  const output = new Output(process.stdout);
  for (const line of lines) await output.line(line);
  return exitCodes.done;
}
