/**
 * What the model is fed with. `from` says where a figure comes from: measured here, a setting of Longwave or of a machine, or a
 * guess to be replaced by your own. Each is a flag: `--publishes-per-connection 0.1`.
 * @satisfies {Record<string, { value: number, unit: string, from: string }>}
 */
export const inputs = {
  // The application.
  subscriptions: { value: 3, unit: 'rooms a connection watches', from: 'guess' },
  roomSize: { value: 50, unit: 'watchers of a room', from: 'guess' },
  publishesPerConnection: { value: 0.02, unit: '1/s', from: 'guess' },
  broadcasts: { value: 0.2, unit: 'messages to all, 1/s', from: 'guess' },
  memberShare: { value: 0.2, unit: 'of connections are members of a room with presence', from: 'guess' },
  messageBytes: { value: 150, unit: 'bytes of a message', from: 'guess' },
  // What things cost a node, CPU µs.
  connectCpu: { value: 188, unit: 'us', from: 'bench/results/short.json, storm' },
  tlsCpu: { value: 900, unit: 'us, a handshake (ECDSA P-256) above a plain connect', from: 'bench/sizing, small form' },
  heartbeatCpu: { value: 47, unit: 'us', from: 'bench/sizing, small form' },
  writeCpu: { value: 9.6, unit: 'us, a write to a subscriber', from: 'bench/results/fan-out.json, fitted' },
  publishCpu: { value: 17, unit: 'us', from: 'bench/results/short.json, echo' },
  announcementCpu: { value: 20, unit: 'us, an operation of another node', from: 'guess' },
  heartbeatBytes: { value: 350, unit: 'bytes: ping, pong and their acks with TCP, IP and Ethernet', from: 'counted' },
  deliveryBytes: { value: 220, unit: 'bytes around a message: envelope, TLS, TCP, IP, Ethernet, ack', from: 'counted' },
  // Memory, KiB.
  connectionKib: { value: 7.6, unit: 'KiB of the process', from: 'bench/sizing, small form' },
  socketKib: { value: 3.8, unit: 'KiB of the kernel', from: 'bench/sizing, small form' },
  channelKib: { value: 12.6, unit: 'KiB, a watched channel with ten messages', from: 'bench/sizing, small form' },
  // One Redis master: one core.
  appendCpu: { value: 69, unit: 'us of Redis', from: 'bench/sizing, small form' },
  pushCpu: { value: 4.2, unit: 'us of Redis, an announcement to one node', from: 'bench/sizing, small form' },
  leaseCpu: { value: 60, unit: 'us of Redis, a touch', from: 'guess' },
  readCpu: { value: 25, unit: 'us of Redis', from: 'guess' },
  shards: { value: 128, unit: 'hash tags, each asked twice a second by each node', from: 'default of @longwave/redis' },
  pollCpu: { value: 18, unit: 'us of Redis, for a shard where nothing happened', from: 'bench/sizing, small form' },
  linksPerNode: {
    value: 2,
    unit: 'connections of a node to each master: commands, announcements',
    from: '@longwave/redis',
  },
  redisClients: { value: 10_000, unit: 'connections of a master', from: 'maxclients of Redis' },
  // Settings.
  heartbeatSeconds: { value: 10, unit: 's', from: 'default' },
  leaseSeconds: { value: 10, unit: 's between renewals of a member', from: 'constant of core' },
  nodeSaySeconds: { value: 5, unit: 's between entries of a node in $nodes', from: 'constant of core' },
  minDelayMs: { value: 250, unit: 'ms, bound of the first wait of a client', from: 'default' },
  maxDelayMs: { value: 20_000, unit: 'ms, bound of any wait', from: 'default' },
  connectTimeoutMs: { value: 10_000, unit: 'ms until a client gives up', from: 'default' },
  drainSeconds: { value: 20, unit: 's for a node', from: 'deploy/longwave.service' },
  drainsAtOnce: { value: 0.05, unit: 'of the nodes are restarted at a time', from: 'guess' },
  racks: { value: 8, unit: 'racks that nodes are spread over', from: 'guess' },
  // Machines.
  coresPerMachine: { value: 8, unit: 'of them, a process each', from: 'guess' },
  gibPerMachine: { value: 16, unit: 'GiB', from: 'guess' },
  gbitPerMachine: { value: 10, unit: 'Gbit/s', from: 'guess' },
  filesPerProcess: { value: 262_144, unit: 'LimitNOFILE', from: 'deploy/longwave.service' },
  portsPerPair: { value: 28_232, unit: 'ports from one address to one port', from: 'ip_local_port_range of Linux' },
  conntrackEntries: {
    value: 262_144,
    unit: 'connections a stateful firewall knows',
    from: 'nf_conntrack_max of Linux',
  },
  proxyConnections: { value: 131_072, unit: 'a worker of nginx, two for each client', from: 'deploy/nginx/nginx.conf' },
  proxyConnectCpu: { value: 100, unit: 'us, to pass a connection on', from: 'guess' },
  // What is wanted.
  target: { value: 0.6, unit: 'of anything may be used in a steady state', from: 'choice' },
  recoverySeconds: { value: 30, unit: 's until 99 % are back', from: 'choice' },
  broadcastSeconds: { value: 1, unit: 's until a message to all has left', from: 'choice' },
  seed: { value: 1, unit: '', from: 'choice' },
};

/** @typedef {Record<keyof typeof inputs, number>} Values */

const flagOf = (/** @type {string} */ name) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/**
 * The values: those of `args`, else those of `measured`, else the ones above. Throws for a flag that there is not, and for what is
 * no number from 0 on.
 * @param {readonly string[]} [args]
 * @param {Partial<Values>} [measured]
 * @returns {Values}
 */
export function readInputs(args = [], measured = {}) {
  /** @type {Record<string, number>} */
  const values = Object.fromEntries(Object.entries(inputs).map(([name, { value }]) => [name, value]));
  Object.assign(values, measured);
  const names = new Map(Object.keys(inputs).map((name) => [flagOf(name), name]));
  for (let i = 0; i < args.length; i += 2) {
    const name = names.get(args[i] ?? '');
    if (name === undefined) throw new Error(`There is no ${args[i]}. There are: ${[...names.keys()].join(' ')}.`);
    const value = Number(args[i + 1]);
    if (args[i + 1] === undefined || !(value >= 0)) throw new Error(`${args[i]} takes a number, not ${args[i + 1]}.`);
    values[name] = value;
  }
  return /** @type {Values} */ (values);
}

/**
 * What `bench/results/sizing.json` has measured, by the names of the inputs. Throws where a figure is missing.
 * @param {{ results: Record<string, Record<string, unknown>[]> }} sizing
 * @returns {Partial<Values>}
 */
export function fromSizing({ results }) {
  const figure = (/** @type {string} */ run, /** @type {number} */ row, /** @type {string} */ name) => {
    const value = results[run]?.[row]?.[name];
    if (typeof value !== 'number') throw new Error(`The sizing figures have no '${name}' in ${run}, row ${row}.`);
    return value;
  };
  const connectCpu = figure('connects', 0, 'CPU us each');
  return {
    connectionKib: figure('idle', 0, 'KiB of the process'),
    socketKib: figure('idle', 0, 'KiB of the kernel'),
    connectCpu,
    tlsCpu: Math.max(0, figure('connects', 1, 'CPU us each') - connectCpu),
    // A message alone in its write.
    writeCpu: figure('fanOut', 0, 'CPU us per delivery'),
    heartbeatCpu: figure('heartbeat', 0, 'CPU us per heartbeat'),
    channelKib: figure('channels', 1, 'KiB per channel'),
    appendCpu: figure('store', 0, 'Redis us per append'),
    pushCpu: Math.max(0, figure('store', 0, 'Redis us per announcement to a node')),
    pollCpu: figure('store', 0, 'Redis us/s for an idle node') / figure('store', 0, 'scripts/s of an idle node'),
  };
}
