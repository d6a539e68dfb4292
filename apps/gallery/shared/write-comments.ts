export const maxCommentLength = 1000;
export const maxQuoteLength = 200;
/** Threads beside one document. */
export const maxThreads = 500;
