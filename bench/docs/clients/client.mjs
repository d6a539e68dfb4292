/**
 * The knowledge of a client that comes back: its state vector, its answer to the server's (deletions are always part of it), and
 * for Longwave its position in the log.
 * @typedef {{ readonly vector: Uint8Array, readonly answer: Uint8Array, readonly position?: Position | undefined }} Known
 * @typedef {{ readonly epoch: string, readonly offset: number }} Position
 */

/**
 * A client of one document that has no document: it hands on the updates that come.
 * `opened` resolves when it has all that the server had.
 * @typedef {object} DocumentClient
 * @property {Promise<void>} opened
 * @property {(update: Uint8Array) => void} send
 * @property {() => number} unacknowledged updates that the server has not answered; always 0 where it answers none
 * @property {() => Position | undefined} position
 * @property {() => Promise<void>} close
 */

/**
 * @typedef {object} Opening
 * @property {number} port
 * @property {string} name
 * @property {(update: Uint8Array) => void} [onUpdate]
 * @property {Known} [known]
 */

/** @typedef {(opening: Opening) => DocumentClient} OpenDocument */

const nothing = new Uint8Array([0]);

/** The knowledge of a client that has nothing yet. @type {Known} */
export const empty = { vector: nothing, answer: new Uint8Array([0, 0]) };
