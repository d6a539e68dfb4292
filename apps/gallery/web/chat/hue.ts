/** One of six colours, the same for a name everywhere. */
export function hueOf(name: string): number {
  let hash = 7;
  for (const character of name) hash = (hash * 31 + character.codePointAt(0)!) % 9973;
  return hash % 6;
}
