/** Unique in the cluster, for no two nodes have one name. */
export function connectionId(node: string, serial: number): string {
  return `${node}-${serial}`;
}
