// What a scenario module exports.

/**
 * @typedef {import('./peers.mjs').Peer} Peer
 * @typedef {import('./scenario-file.mjs').Scenario} Scenario
 * @typedef {Record<string, number>} Figures
 *
 * One setting of a benchmark, such as a rate. `label` names its block in the report.
 * @typedef {{ label: string } & Record<string, any>} Cell
 *
 * @typedef {object} Column
 * @property {string} title
 * @property {(figures: Figures, row: Row) => string} show
 *
 * All repetitions of one peer in one cell. `ratios` are medians of the ratios within one repetition.
 * @typedef {object} Row
 * @property {string} benchmark
 * @property {string} cell
 * @property {string} peer
 * @property {number} repetitions
 * @property {Figures} figures  medians; faults and marks are sums
 * @property {{ floor?: number, bun?: number }} ratios
 *
 * @typedef {object} Benchmark
 * @property {string} name
 * @property {string} title
 * @property {string} note  how to read the figures, one or two sentences
 * @property {(full: boolean) => Cell[]} cells
 * @property {(peer: Peer, full: boolean) => boolean} [takesPart]
 * @property {(cell: Cell, peer: Peer, server: { port: number }, full: boolean) => Scenario | Promise<Scenario>} scenario
 * @property {(peer: Peer) => Scenario} [warmUp]  run on each new server, and not measured
 * @property {(cell: Cell, result: any) => Figures} figures
 * @property {string} ratioOf  the figure that is compared with the floor's and Bun's
 * @property {Column[]} columns
 * @property {boolean} [onceInShort]  one repetition is enough for the short form: it is long, or it hardly varies
 * @property {boolean} [harder]  each cell asks more than the one before: a peer that is saturated is spared the rest
 * @property {boolean} [freshServer]  each cell starts on a new server
 */

export {};
