/** Blocks that others of their page import show their file's name; those with output say what they are. */
export function showFileNames(md) {
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, options, env, self) => {
    const info = tokens[index].info;
    const html = fence(tokens, index, options, env, self);
    const name = /\b(?:file|source)=(\S+)/.exec(info)?.[1] ?? (/^text output\b/.test(info) ? 'output' : undefined);
    return name === undefined ? html : `<p class="file-name">${md.utils.escapeHtml(name)}</p>\n${html}`;
  };
}

/** Ids of rules in the text become links to SPEC. */
export function linkRules(md, ids) {
  md.core.ruler.push('rules', (state) => {
    if (state.env.relativePath === 'spec.md') return;
    for (const token of state.tokens) {
      if (token.type === 'inline' && token.children) token.children = withLinks(token.children, ids, state.Token);
    }
  });
}

function withLinks(children, ids, Token) {
  let depth = 0;
  return children.flatMap((token) => {
    if (token.type === 'link_open') depth += 1;
    if (token.type === 'link_close') depth -= 1;
    if (token.type !== 'text' || depth > 0) return [token];
    return token.content.split(/\b([A-Z]+-\d+)\b/).flatMap((part, index) => {
      const text = new Token('text', '', 0);
      text.content = part;
      if (index % 2 === 0 || !ids.has(part)) return [text];
      const open = new Token('link_open', 'a', 1);
      open.attrs = [['href', `/spec#${part.toLowerCase()}`]];
      return [open, text, new Token('link_close', 'a', -1)];
    });
  });
}

/** The head of a column without a word is no head: a screen reader would announce one that says nothing. */
export function emptyHeads(md) {
  md.core.ruler.push('empty-heads', ({ tokens }) => {
    for (const [index, token] of tokens.entries()) {
      if (token.type !== 'th_open' || tokens[index + 1].content !== '') continue;
      token.tag = 'td';
      tokens[index + 2].tag = 'td';
    }
  });
}
