/** The page needs these, and not the schemas of the contract: so they stand in a file of their own. */
export const rooms = ['lobby', 'random'] as const;
