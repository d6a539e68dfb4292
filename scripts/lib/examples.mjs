/**
 * The examples of the doc comments of a source file: each fenced block after `@example`.
 * @param {string} source
 * @returns {{ code: string, line: number, language: 'ts' | 'tsx' }[]} `line`: of the fence, counted from 1
 */
export function readExamples(source) {
  const found = [];
  let inExample = false;
  let block;
  for (const [i, text] of source.split('\n').entries()) {
    const inside = /^\s*\* ?(?!\/)(.*)$/.exec(text);
    if (!inside) {
      inExample = false;
      block = undefined;
      continue;
    }
    const content = inside[1];
    const fence = /^```(tsx?)?\s*$/.exec(content);
    if (block) {
      if (fence) {
        found.push({ ...block, code: block.code.join('\n') });
        block = undefined;
      } else block.code.push(content);
    } else if (fence?.[1] && inExample) block = { code: [], line: i + 1, language: fence[1] };
    else if (content.startsWith('@')) inExample = content.startsWith('@example');
  }
  return found;
}
