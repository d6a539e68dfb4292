import { connectsPerSecond, loads } from './capacity.mjs';
import { simulateStorm } from './storm.mjs';

/**
 * @typedef {import('./inputs.mjs').Values} Values
 * @typedef {import('./capacity.mjs').Deployment} Deployment
 * @typedef {{ change: Partial<Deployment>, words: string }} Remedy
 */

/** What somebody starts with: two machines of nodes, one Redis, one proxy, defaults everywhere. @param {Values} v @param {number} connections @returns {Deployment} */
export const smallest = (v, connections) => ({
  connections,
  cells: 1,
  processes: 2 * v.coresPerMachine,
  masters: 1,
  proxies: 1,
  proxyAddresses: 1,
  proxyWorkers: v.coresPerMachine,
  shards: v.shards,
  files: 20_000,
  conntrack: v.conntrackEntries,
  leasePerNode: false,
});

const times = (/** @type {number} */ factor, /** @type {number} */ count) => Math.ceil(count * Math.max(factor, 1.001));
const there = (/** @type {Partial<Deployment>} */ change, /** @type {string} */ words) => ({ change, words });

/** More nodes, in whole machines. @param {Values} v @param {Deployment} d @param {number} over @returns {Remedy} */
function moreNodes(v, d, over) {
  const processes = Math.ceil(times(over, d.processes) / v.coresPerMachine) * v.coresPerMachine;
  return there({ processes }, `${processes} nodes on ${processes / v.coresPerMachine} machines`);
}

/** @param {Deployment} d @param {number} over @returns {Remedy} */
function moreMasters(d, over) {
  // As a Cluster; with more than a hash tag has room for, there is no other way than another store.
  const masters = Math.ceil(times(over, d.masters) / d.cells) * d.cells;
  return masters / d.cells <= d.shards
    ? there({ masters }, `Redis Cluster: ${masters / d.cells} masters${d.cells > 1 ? ' in each cell' : ''}`)
    : moreCells(d);
}

/** @param {Deployment} d @returns {Remedy} */
function moreCells(d) {
  const cells = d.cells * 2;
  const masters = Math.ceil(d.masters / cells) * cells;
  return there(
    { cells, masters },
    `${cells} cells, each with nodes and a store of its own; what is for all is published in each`,
  );
}

/** @param {Deployment} d @param {number} over @returns {Remedy} */
function moreProxies(d, over) {
  return there(
    { proxies: times(over, d.proxies) },
    `${times(over, d.proxies)} proxies behind a layer-4 balancer or DNS`,
  );
}

/** For each limit what moves it. @type {Record<string, (v: Values, d: Deployment, over: number) => Remedy>} */
const remedies = {
  'CPU of a node': moreNodes,
  'memory of a machine': moreNodes,
  'network of a machine': moreNodes,
  'files of a node': (v, d, over) =>
    d.files < v.filesPerProcess
      ? there({ files: v.filesPerProcess }, `LimitNOFILE=${v.filesPerProcess}`)
      : moreNodes(v, d, over),
  'a message to all': moreNodes,
  'store: appends and announcements': (_, d, over) => moreMasters(d, over),
  'store: presence': (_, d, over) => moreMasters(d, over),
  'store: nodes telling of themselves': (_, d) => moreCells(d),
  'store: nodes asking what changed': (_, d, over) =>
    d.shards > 16 && over > 1
      ? there({ shards: 16 }, 'redis({ shards: 16 }), which is fixed with the first start')
      : moreMasters(d, over),
  'store: all of it': (_, d, over) => moreMasters(d, over),
  'connections of a Redis master': (_, d) => moreCells(d),
  'ports from a proxy to a node': (_, d, over) =>
    there(
      { proxyAddresses: times(over, d.proxyAddresses) },
      `proxies connect from ${times(over, d.proxyAddresses)} addresses each`,
    ),
  'connections of a proxy': (_, d, over) => moreProxies(d, over),
  'connections a firewall knows': (_, d, over) => {
    const conntrack = 2 ** Math.ceil(Math.log2(d.conntrack * over));
    return there({ conntrack }, `nf_conntrack_max=${conntrack}, or no connection tracking for these ports`);
  },
};

/** What a storm is held up by. @type {Record<'nodes' | 'proxies' | 'store', (v: Values, d: Deployment, over: number) => Remedy>} */
const forStorms = {
  nodes: moreNodes,
  proxies: (_, d, over) => moreProxies(d, over),
  store: (_, d, over) => moreMasters(d, over),
};

/** What is over its capacity most, in the steady state first, then in a storm. @param {Values} v @param {Deployment} d */
function worstOf(v, d) {
  const [first] = Object.entries(loads(v, d))
    .map(([name, load]) => ({ name, ...load, over: load.use / load.capacity, slowest: undefined }))
    .filter(({ over }) => over > 1)
    .toSorted((a, b) => b.over - a.over);
  if (first) return first;
  return storms(v, d)
    .map(({ name, mostSeconds, slowest, perSecond, clients }) => ({
      name: `${name}: until 99 % are back`,
      use: mostSeconds,
      capacity: v.recoverySeconds,
      unit: 's',
      over: mostSeconds / v.recoverySeconds,
      slowest,
      // As many as are served in the time that is given.
      factor: Math.max(1.1, clients / (perSecond * v.recoverySeconds * 0.9)),
    }))
    .filter(({ over }) => over > 1)
    .toSorted((a, b) => b.over - a.over)[0];
}

/**
 * Goes from `start` to a deployment that holds, limit by limit: what is most over its capacity first.
 * @param {Values} v
 * @param {Deployment} start
 */
export function walk(v, start) {
  let d = start;
  const steps = [];
  for (let i = 0; i < 60; i++) {
    const worst = worstOf(v, d);
    if (!worst) return { deployment: d, steps, holds: true };
    const remedy =
      worst.slowest === undefined
        ? /** @type {NonNullable<typeof remedies[string]>} */ (remedies[worst.name])(v, d, worst.over)
        : forStorms[worst.slowest](v, d, worst.factor);
    d = { ...d, ...remedy.change };
    const { name, use, unit, over } = worst;
    steps.push({ name, use, unit, over, words: remedy.words });
  }
  return { deployment: d, steps, holds: false };
}

/** What happens to the deployment at once. @param {Values} v @param {Deployment} d */
export function storms(v, d) {
  const { minDelayMs, maxDelayMs, connectTimeoutMs, seed } = v;
  const waits = { minDelayMs, maxDelayMs, connectTimeoutMs, seed };
  const machines = Math.max(2, Math.ceil(d.processes / v.coresPerMachine));
  const racks = Math.min(v.racks, machines);
  const batch = Math.max(1, Math.round(d.processes * v.drainsAtOnce));
  const cases = [
    { name: 'a machine is lost', share: 1 / machines, left: 1 - 1 / machines, spreadMs: 0 },
    { name: 'a rack is lost', share: 1 / racks, left: 1 - 1 / racks, spreadMs: 0 },
    {
      name: 'a batch of a rolling deploy',
      share: batch / d.processes,
      left: 1 - batch / d.processes,
      spreadMs: v.drainSeconds * 1000,
    },
    { name: 'all lose their connection', share: 1, left: 1, spreadMs: 0 },
  ];
  return cases.map(({ name, share, left, spreadMs }) => {
    const rates = connectsPerSecond(v, d, left);
    const slowest =
      /** @type {const} */ (['nodes', 'proxies', 'store']).find((who) => rates[who] === rates.all) ?? 'nodes';
    const storm = simulateStorm({ ...waits, clients: d.connections * share, perSecond: rates.all, spreadMs });
    return { name, clients: d.connections * share, perSecond: rates.all, slowest, ...storm };
  });
}
