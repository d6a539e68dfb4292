/** The page needs this, and not the schemas of the contract: so it stands in a file of its own. */
export const size = 1000;
