/**
 * Renders pages for the index of the search. VitePress would colour all code of all pages for it, once in each of its two builds, which takes
 * longer than all else: an index reads no colours.
 */
export function plainPages() {
  const known = new Map();
  return (source, env, md) => {
    const made = known.get(env.relativePath);
    if (made?.source === source) return made.html;
    const { highlight } = md.options;
    md.set({ highlight: null });
    try {
      const html = md.render(source, env);
      known.set(env.relativePath, { source, html });
      return html;
    } finally {
      md.set({ highlight });
    }
  };
}
