/**
 * Words that stand in the code of a page, in its spans and its blocks.
 * @param {string} markdown
 * @returns {Set<string>}
 */
export function wordsOfCode(markdown) {
  const code = [...markdown.matchAll(/```[^]*?```|`[^`\n]+`/g)].map(([text]) => text);
  return new Set(code.flatMap((text) => text.match(/[A-Za-z_$][\w$]*/g) ?? []));
}
