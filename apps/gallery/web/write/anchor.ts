/** Two places in the text that move with it: relative positions of Yjs, as JSON. */
export interface AnchorRange {
  readonly from: string;
  readonly to: string;
}

export function encodeAnchor({ from, to }: AnchorRange): string {
  return btoa(JSON.stringify([from, to]));
}

/** Undefined for what is none, whoever wrote it. */
export function decodeAnchor(anchor: string): AnchorRange | undefined {
  try {
    const [from, to] = JSON.parse(atob(anchor)) as readonly unknown[];
    return typeof from === 'string' && typeof to === 'string' ? { from, to } : undefined;
  } catch {
    return undefined;
  }
}
