/**
 * @typedef {'run' | 'check' | 'sketch'} Use
 * @typedef {{ file: string, use: Use, code: string, line: number }} Block
 */

const FENCE = /^(`{3,})(\w+)?[ \t]*(.*)$/;
const LANGUAGES = new Map([
  ['ts', 'ts'],
  ['typescript', 'ts'],
  ['tsx', 'tsx'],
]);
const USES = ['run', 'check', 'sketch'];

/**
 * The TypeScript of a page of documentation, and what it says its blocks print.
 *
 * ```` ```ts run file=server.ts ```` type-checked and run; ```` ```ts check ```` type-checked;
 * ```` ```ts sketch ```` neither, for what is no module. A block without one of these is an error: nothing is left out
 * silently. ```` ```text output ```` what the page's `run` blocks print, in order. Of any language,
 * ```` ```nginx source=path ```` is a copy of that file.
 * @param {string} page its path, for messages
 * @param {string} markdown
 * @returns {{ blocks: Block[], copies: { source: string, code: string, line: number }[], output: string | undefined, problems: string[] }}
 */
export function readBlocks(page, markdown) {
  const blocks = [];
  const problems = [];
  const outputs = [];
  const copies = [];
  const lines = markdown.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const open = FENCE.exec(lines[at]);
    if (open === null) continue;
    const line = at + 1;
    const [, fence, language, info] = open;
    const end = lines.findIndex((text, index) => index > at && text.startsWith(fence) && text.trim() === fence);
    if (end === -1) {
      problems.push(`${page}:${line}: the block has no end`);
      break;
    }
    const code = lines.slice(at + 1, end).join('\n');
    at = end;
    const words = info.split(/\s+/).filter((word) => word !== '');
    if (language === 'text' && words.includes('output')) outputs.push(code);
    const source = words.find((word) => word.startsWith('source='))?.slice(7);
    if (source !== undefined) copies.push({ source, code: `${code}\n`, line });
    const extension = LANGUAGES.get(language ?? '');
    if (extension === undefined) continue;
    const use = words.find((word) => USES.includes(word));
    if (use === undefined) {
      problems.push(`${page}:${line}: say what the block is for: ${USES.join(', ')}`);
      continue;
    }
    const file = words.find((word) => word.startsWith('file='))?.slice(5) ?? `block-${line}.${extension}`;
    if (!/^[\w-]+([./][\w-]+)*\.tsx?$/.test(file)) problems.push(`${page}:${line}: '${file}' is no file name`);
    else if (blocks.some((block) => block.file === file)) problems.push(`${page}:${line}: '${file}' is there already`);
    else blocks.push({ file, use, code, line });
  }
  return { blocks, copies, output: outputs.length > 0 ? outputs.join('\n') : undefined, problems };
}
