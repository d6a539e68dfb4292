const dayMs = 86_400_000;

/** How long a client waits for the last of an update's pieces before it sends all of them again, as one that was offline has to. */
export const sendPiecesAgainMs = dayMs;

/** How long pieces of an update that does not become whole stay, by the times of the log: a clock that is wrong by days loses nothing. */
export const keepPiecesMs = 7 * dayMs;
