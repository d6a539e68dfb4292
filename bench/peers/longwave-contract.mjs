/** What the connections of the benchmark authenticate with. */
export const token = 'bench';
