// Parts of pages that a program knows better: they stand between `<!-- generated: NAME -->` and `<!-- end -->`.
import process from 'node:process';
import { createMetrics } from '../../packages/node/dist/http-api/metrics.js';
import { createOpenApi } from '../../packages/node/dist/http-api/openapi/openapi.js';
import { root } from './root.mjs';
import { run } from './run.mjs';

const makers = { commands, metrics, routes };

/**
 * The page with its parts made anew.
 * @param {string} page
 * @returns {Promise<{ now: string, problems: string[] }>}
 */
export async function withGeneratedParts(page) {
  const problems = [];
  const names = [...page.matchAll(/<!-- generated: (\w+) -->/g)].map(([, name]) => name);
  const texts = new Map();
  for (const name of names) {
    if (Object.hasOwn(makers, name)) texts.set(name, await makers[name]());
    else problems.push(`nothing makes '${name}'; there are ${Object.keys(makers).join(', ')}`);
  }
  const now = page.replaceAll(
    /(<!-- generated: (\w+) -->\n)[^]*?(<!-- end -->)/g,
    (_, open, name, end) => `${open}\n${texts.get(name) ?? ''}\n\n${end}`,
  );
  return { now, problems };
}

/** The help of each command of the command line. */
async function commands() {
  const top = await helpOf([]);
  const names = namesOfCommands(top);
  const parts = [];
  for (const name of names) parts.push(await describeCommand([name]));
  return parts.join('\n\n');
}

async function describeCommand(words) {
  const help = await helpOf(words);
  const below = namesOfCommands(help);
  const own =
    below.length > 0 ? [] : [`${'#'.repeat(words.length + 2)} ${words.join(' ')}\n\n\`\`\`text\n${help}\n\`\`\``];
  if (below.length > 0) own.push(`${'#'.repeat(words.length + 2)} ${words.join(' ')}`);
  for (const name of below) own.push(await describeCommand([...words, name]));
  return own.join('\n\n');
}

async function helpOf(words) {
  const { output } = await run([process.execPath, `${root}packages/longwave/bin/longwave.js`, ...words, '--help']);
  return output.trim();
}

function namesOfCommands(help) {
  const section = /^Commands:\n((?: .*\n?)+)/m.exec(help)?.[1] ?? '';
  return [...section.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name).filter((name) => name !== 'help');
}

/** Names and meanings of the figures that `/metrics` has beside those of the process. */
async function metrics() {
  const nothing = new Proxy({}, { get: () => 0 });
  const { snapshot } = createMetrics({ stats: nothing, accepting: true });
  const own = (await snapshot()).filter(({ name }) => name.startsWith('longwave_'));
  const rows = own.map(({ name, type, help }) => `| \`${name}\` | ${type} | ${help} |`);
  return ['| metric | type | |', '|---|---|---|', ...rows].join('\n');
}

/** Routes of the HTTP API with what they take, of its own description. */
function routes() {
  const rows = [];
  for (const [route, operations] of Object.entries(createOpenApi('').paths)) {
    for (const [method, { summary, parameters = [], requestBody }] of Object.entries(operations)) {
      const taken = parameters.filter((one) => one.in !== 'path').map((one) => `\`${one.name}\``);
      if (requestBody) taken.unshift('a body');
      rows.push(`| \`${method.toUpperCase()} ${route}\` | ${summary} | ${taken.join(', ')} |`);
    }
  }
  return ['| route | | takes |', '|---|---|---|', ...rows].join('\n');
}
