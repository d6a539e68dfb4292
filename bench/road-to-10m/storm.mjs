import { createRandom } from './random.mjs';

const tickMs = 50;
/** Clients that are looked at one by one; each stands for as many as it takes. */
const mostAgents = 20_000;
/** What is left of a connect whose client has given up: the server finds out early. */
const abandonedShare = 0.2;
const horizonMs = 10 * 60_000;

/**
 * @typedef {object} Storm
 * @property {number} clients that lost their connection, at 0
 * @property {number} perSecond connects that those who are left can take, all together
 * @property {number} [spreadMs] over which they lose it; default 0: all at once
 * @property {number} minDelayMs
 * @property {number} maxDelayMs
 * @property {number} connectTimeoutMs
 * @property {number} seed
 */

/**
 * One queue in front of all the nodes that are left, served in the order of arrival. A client waits with full jitter, tries, gives
 * up after its time limit, and waits again; what is done for one that has given up is lost.
 * @param {Storm} storm
 */
export function simulateStorm({ clients, perSecond, spreadMs = 0, minDelayMs, maxDelayMs, connectTimeoutMs, seed }) {
  const agents = Math.min(mostAgents, Math.ceil(clients));
  const weight = agents === 0 ? 0 : clients / agents;
  const random = createRandom(seed);
  const failures = new Uint16Array(agents);
  const isConnected = new Uint8Array(agents);
  /** Who tries in which tick, and who gives up in it unless it was served. @type {(number[] | undefined)[]} */
  const due = [];
  /** @type {(number[] | undefined)[]} */
  const givingUp = [];
  const timeoutTicks = Math.ceil(connectTimeoutMs / tickMs);
  /** @param {number} agent @param {number} nowMs */
  const wait = (agent, nowMs) => {
    const failed = failures[agent] ?? 0;
    const bound = Math.min(maxDelayMs, minDelayMs * 2 ** Math.max(0, failed - 1));
    (due[Math.floor((nowMs + random() * bound) / tickMs) + 1] ??= []).push(agent);
  };
  for (let agent = 0; agent < agents; agent++) {
    failures[agent] = 1;
    wait(agent, spreadMs * random());
  }

  /** @type {number[]} */
  const queue = [];
  /** When each came. @type {number[]} */
  const cameAt = [];
  let head = 0;
  let attempts = 0;
  let connected = 0;
  let wasted = 0;
  let peakPerSecond = 0;
  let longestQueue = 0;
  let credit = 0;
  /** @type {number[]} */
  const curve = [];
  const perTick = (perSecond / weight) * (tickMs / 1000);
  for (let tick = 1; connected < agents && tick * tickMs < horizonMs; tick++) {
    const nowMs = tick * tickMs;
    for (const agent of givingUp[tick] ?? []) {
      if (isConnected[agent]) continue;
      failures[agent] = (failures[agent] ?? 0) + 1;
      wait(agent, nowMs);
    }
    givingUp[tick] = undefined;
    const trying = due[tick] ?? [];
    for (const agent of trying) {
      queue.push(agent);
      cameAt.push(tick);
    }
    attempts += trying.length;
    givingUp[tick + timeoutTicks] = trying;
    due[tick] = undefined;
    longestQueue = Math.max(longestQueue, queue.length - head);
    // What is not used is not saved up.
    credit = Math.min(credit + perTick, perTick + 1);
    let served = 0;
    while (head < queue.length && credit > 0) {
      const agent = /** @type {number} */ (queue[head]);
      const isLate = tick - /** @type {number} */ (cameAt[head]) >= timeoutTicks;
      const cost = isLate ? abandonedShare : 1;
      if (credit < cost) break;
      credit -= cost;
      head++;
      if (isLate) wasted += cost;
      else {
        isConnected[agent] = 1;
        connected++;
        served++;
      }
    }
    peakPerSecond = Math.max(peakPerSecond, (served * weight * 1000) / tickMs);
    curve.push(connected * weight);
  }
  const reached = (/** @type {number} */ share) => {
    const at = curve.findIndex((value) => value >= share * clients - 1e-6);
    return agents === 0 ? 0 : at < 0 ? Infinity : ((at + 1) * tickMs) / 1000;
  };
  return {
    connected: connected * weight,
    attemptsEach: agents === 0 ? 0 : attempts / agents,
    wastedShare: connected + wasted === 0 ? 0 : wasted / (connected + wasted),
    longestQueue: longestQueue * weight,
    peakPerSecond,
    halfSeconds: reached(0.5),
    mostSeconds: reached(0.99),
    allSeconds: reached(1),
    curve,
  };
}
