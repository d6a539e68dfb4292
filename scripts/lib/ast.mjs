/**
 * Visits every node of an ESTree below and including `node`. `visit` returns false to leave out what is below.
 * @param {unknown} node
 * @param {(node: any) => boolean} visit
 */
export function walk(node, visit) {
  if (Array.isArray(node)) {
    for (const item of node) walk(item, visit);
    return;
  }
  if (node === null || typeof node !== 'object') return;
  if (typeof node.type === 'string' && !visit(node)) return;
  for (const key of Object.keys(node)) {
    const value = node[key];
    if (value !== null && typeof value === 'object') walk(value, visit);
  }
}
