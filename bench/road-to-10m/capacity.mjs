/**
 * @typedef {import('./inputs.mjs').Values} Values
 *
 * @typedef {object} Deployment what can be had more of
 * @property {number} connections
 * @property {number} cells clusters with a store of their own, between which the clients are divided
 * @property {number} processes nodes, of all cells; each has one core
 * @property {number} masters of Redis, of all cells
 * @property {number} proxies nginx, two workers each
 * @property {number} proxyAddresses from which one proxy connects
 * @property {number} shards
 * @property {number} files that a process may have open
 * @property {number} proxyWorkers
 * @property {number} conntrack
 * @property {boolean} leasePerNode presence is kept by one lease for a node, not one for a member: not there yet
 *
 * @typedef {{ use: number, capacity: number, unit: string }} Load
 */

/** Nodes of `nodes` on which at least one of `watchers` is, when each goes anywhere. @param {number} watchers @param {number} nodes */
export const nodesOf = (watchers, nodes) => nodes * (1 - (1 - 1 / nodes) ** watchers);

/**
 * What happens in a second, in one cell and in all.
 * @param {Values} v
 * @param {Deployment} d
 */
export function traffic(v, d) {
  const connections = d.connections / d.cells;
  const nodes = Math.max(1, d.processes / d.cells);
  const publishes = connections * v.publishesPerConnection;
  const members = connections * v.memberShare;
  const perRoom = nodesOf(v.roomSize, nodes);
  const gossip = nodes / v.nodeSaySeconds;
  return {
    connections,
    nodes,
    publishes,
    rooms: (connections * v.subscriptions) / v.roomSize,
    deliveries: publishes * v.roomSize,
    /** Of rooms, and to all. */
    announcements: publishes * perRoom + v.broadcasts * nodes,
    gossip,
    appends: publishes + v.broadcasts + gossip,
    leases: d.leasePerNode ? nodes / v.leaseSeconds : members / v.leaseSeconds,
    polls: nodes * d.shards * 2,
    channelsPerNode: (((connections * v.subscriptions) / v.roomSize) * perRoom) / nodes,
  };
}

/**
 * How much of each thing is used, of what there is.
 * @param {Values} v
 * @param {Deployment} d
 * @returns {Record<string, Load>}
 */
export function loads(v, d) {
  const t = traffic(v, d);
  const perNode = t.connections / t.nodes;
  const masters = d.masters / d.cells;
  const announced = t.announcements / t.nodes;
  const connectionKib = v.connectionKib + v.socketKib;
  const proxyClients = d.connections / d.proxies;
  return {
    'CPU of a node': {
      use:
        ((perNode / v.heartbeatSeconds) * v.heartbeatCpu +
          (t.deliveries / t.nodes) * v.writeCpu +
          v.broadcasts * perNode * v.writeCpu +
          (t.publishes / t.nodes) * v.publishCpu +
          announced * v.announcementCpu) /
        1e6,
      capacity: v.target,
      unit: 'cores',
    },
    'memory of a machine': {
      use: ((perNode * connectionKib + t.channelsPerNode * v.channelKib + 100 * 1024) * v.coresPerMachine) / 1024 ** 2,
      capacity: v.target * v.gibPerMachine,
      unit: 'GiB',
    },
    'network of a machine': {
      use:
        (((perNode / v.heartbeatSeconds) * v.heartbeatBytes +
          (t.deliveries / t.nodes + v.broadcasts * perNode + announced) * (v.messageBytes + v.deliveryBytes)) *
          v.coresPerMachine *
          8) /
        1e9,
      capacity: v.target * v.gbitPerMachine,
      unit: 'Gbit/s',
    },
    'files of a node': { use: perNode + masters * 2 + 100, capacity: d.files, unit: 'files' },
    'a message to all': { use: (perNode * v.writeCpu) / 1e6, capacity: v.broadcastSeconds, unit: 's' },
    'store: appends and announcements': {
      use: (t.appends * v.appendCpu + t.announcements * v.pushCpu) / 1e6,
      capacity: v.target * masters,
      unit: 'cores',
    },
    'store: presence': { use: (t.leases * v.leaseCpu) / 1e6, capacity: v.target * masters, unit: 'cores' },
    'store: nodes telling of themselves': {
      use: (t.gossip * v.appendCpu) / 1e6,
      // One channel is on one master.
      capacity: v.target,
      unit: 'cores',
    },
    'store: nodes asking what changed': {
      use: (t.polls * v.pollCpu) / 1e6,
      capacity: v.target * masters,
      unit: 'cores',
    },
    'store: all of it': {
      use: (t.appends * v.appendCpu + t.announcements * v.pushCpu + t.leases * v.leaseCpu + t.polls * v.pollCpu) / 1e6,
      capacity: v.target * masters,
      unit: 'cores',
    },
    'connections of a Redis master': {
      use: t.nodes * v.linksPerNode,
      capacity: v.target * v.redisClients,
      unit: 'connections',
    },
    'ports from a proxy to a node': {
      use: proxyClients / Math.max(1, d.processes),
      capacity: v.portsPerPair * d.proxyAddresses,
      unit: 'ports',
    },
    'connections of a proxy': {
      use: proxyClients * 2,
      capacity: v.proxyConnections * d.proxyWorkers,
      unit: 'connections',
    },
    'connections a firewall knows': { use: proxyClients * 2, capacity: d.conntrack, unit: 'entries' },
  };
}

/**
 * What is left for connects after the steady load, all together: of the nodes, of the proxies' TLS and of the store, and the
 * least of them. `left`: the share of nodes that are there.
 * @param {Values} v
 * @param {Deployment} d
 * @param {number} left
 */
export function connectsPerSecond(v, d, left) {
  const used = loads(v, d);
  const idle = (/** @type {string} */ name, /** @type {number} */ scale) =>
    Math.max(0.05, 1 - /** @type {Load} */ (used[name]).use / scale);
  const t = traffic(v, d);
  const nodes = (d.processes * left * idle('CPU of a node', 1) * 1e6) / v.connectCpu;
  const proxies = (d.proxies * d.proxyWorkers * 1e6) / (v.tlsCpu + v.proxyConnectCpu);
  // A room that nobody on the node watches yet is watched and read.
  const isNew = 1 - nodesOf(v.roomSize, t.nodes) / t.nodes;
  const reads = Math.max(0.01, v.subscriptions * isNew * 2 + v.memberShare * 2);
  const store = (d.masters * idle('store: all of it', d.masters / d.cells) * 1e6) / (reads * v.readCpu);
  return { nodes, proxies, store, all: Math.min(nodes, proxies, store) };
}
