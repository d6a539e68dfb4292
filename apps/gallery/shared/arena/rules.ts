import type { Inputs, RoomInput, RoomLogic, StepContext } from 'longwave/rooms';
import type { ArenaEntities, ArenaInputs, ArenaKinds, Ship } from './arena.js';
import { type Bot, botName, createBot, driveBots, firstBot } from './bots.js';
import {
  backSteps,
  beamSteps,
  dashSteps,
  fireSteps,
  fullArena,
  fullShield,
  range,
  rate,
  roundSteps,
  safeSteps,
  shipRadius,
  size,
  sparkCount,
  sparkSteps,
} from './limits.js';
import { distanceToWall } from './wall.js';
import type { RoomPlayer } from '../rooms/player.js';

/** The arena on its server: what everybody is shown, and what only the rules know. Plain data. */
export interface ArenaState extends ArenaEntities {
  readonly bots: Map<number, Bot>;
  /** By ship: the step from which it may fire again, and the one in which it comes back. */
  readonly fireFrom: Map<number, number>;
  readonly backAt: Map<number, number>;
  readonly beamUntil: Map<number, number>;
  /** The last id of a spark or beam, and of a bot. */
  lastId: number;
  lastBot: number;
  /** Bots keep so many ships in it. */
  readonly fill: number;
}

export type ArenaLogic = RoomLogic<ArenaKinds, ArenaInputs, ArenaState>;
type Made = Inputs<ArenaInputs>;
const none: readonly RoomInput<ArenaInputs>[] = [];

const topSpeed = 330;
const dashSpeed = 980;
/** How quickly a ship takes the speed that is asked for, and how slowly it loses it. */
const steerPull = 7;
const coastPull = 2;
/** A beam hits what it passes at this distance. */
const hitRadius = shipRadius + 8;
const reach = shipRadius + 10;

const roundId = 1;

/**
 * The rules of the arena, for both ends: on a page `step` only moves ships, which is how players see their own at once; all else is
 * decided by the server. Bots keep `fill` ships in it, unless its id begins with `duel-`: there are only people.
 */
export function arenaRules(fill = fullArena): ArenaLogic {
  return {
    create: ({ params }) => ({
      ...{ ship: new Map(), spark: new Map(), beam: new Map(), score: new Map() },
      round: new Map([[roundId, { until: roundSteps, winner: '', best: 0 }]]),
      ...{ bots: new Map(), fireFrom: new Map(), backAt: new Map(), beamUntil: new Map() },
      ...{ lastId: 0, lastBot: 0, fill: params['id']?.startsWith('duel-') === true ? 0 : fill },
    }),
    // #region teach:play-server
    join: (state, { id, data }) => enter(state, id, (data as RoomPlayer).name, false),
    leave: (state, { id }) => quit(state, id),
    about: ({ score }) => {
      const [best] = [...score.values()].toSorted((a, b) => b.points - a.points);
      return best && best.points > 0 ? `${best.name} leads with ${best.points}` : undefined;
    },
    step: (state, inputs, dt, context) => {
      const { isServer, tick, random } = context;
      if (isServer) countBots(state, tick);
      const made: Made = isServer ? new Map([...inputs, ...driveBots(state, tick, random)]) : inputs;
      for (const [id, ship] of state.ship) if (ship.shield > 0) move(ship, made.get(id) ?? none, dt, tick);
      if (isServer) judge(state, made, context);
    },
    // #endregion
  };
}

/** At first all at once, then one in half a second: nobody sees a crowd come or go. */
function countBots(state: ArenaState, tick: number): void {
  const { bots, score, fill } = state;
  const wanted = Math.max(0, fill - (score.size - bots.size));
  const isFirst = bots.size === 0 && state.lastBot === 0;
  if (!isFirst && tick % (rate / 2) !== 0) return;
  for (let missing = isFirst ? wanted : 1; missing > 0 && bots.size < wanted; missing--) {
    const number = state.lastBot++;
    bots.set(firstBot + number, createBot());
    enter(state, firstBot + number, botName(number), true);
  }
  if (bots.size > wanted) quit(state, Math.max(...bots.keys()));
}

function enter(state: ArenaState, id: number, name: string, isBot: boolean): void {
  state.score.set(id, { name, points: 0, isBot });
  // It is placed by the next step.
  state.ship.set(id, {
    ...{ x: size / 2, y: size / 2, vx: 0, vy: 0, angle: 0 },
    ...{ shield: 0, safeUntil: 0, dashFrom: 0 },
  });
  state.backAt.set(id, 0);
}

function quit(state: ArenaState, id: number): void {
  for (const map of [state.ship, state.score, state.fireFrom, state.backAt, state.bots]) map.delete(id);
}

/** The same on both ends, to the last bit. */
function move(ship: Ship, made: readonly RoomInput<ArenaInputs>[], dt: number, tick: number): void {
  let dx = 0;
  let dy = 0;
  let dashes = false;
  for (const input of made) {
    if (input.kind === 'steer') [dx, dy] = [input.dx, input.dy];
    else if (input.kind === 'dash') dashes = true;
  }
  const length = Math.hypot(dx, dy);
  const isSteered = length > 0.05;
  if (isSteered) ship.angle = Math.atan2(dy, dx);
  const asked = (topSpeed * Math.min(1, length)) / Math.max(length, 0.05);
  const pull = Math.min(1, (isSteered ? steerPull : coastPull) * dt);
  ship.vx += ((isSteered ? dx * asked : 0) - ship.vx) * pull;
  ship.vy += ((isSteered ? dy * asked : 0) - ship.vy) * pull;
  if (dashes && tick >= ship.dashFrom) {
    ship.vx = Math.cos(ship.angle) * dashSpeed;
    ship.vy = Math.sin(ship.angle) * dashSpeed;
    ship.dashFrom = tick + dashSteps;
  }
  ship.x = within(ship.x + ship.vx * dt);
  ship.y = within(ship.y + ship.vy * dt);
}

/** Everything that only the server decides. */
function judge(state: ArenaState, made: Made, context: StepContext): void {
  const { tick, random } = context;
  for (const [id, at] of state.backAt) if (tick >= at) comeBack(state, id, tick, random);
  for (const [id, inputs] of made) {
    for (const input of inputs) if (input.kind === 'fire') fire(state, id, input.angle, context);
  }
  collect(state);
  for (const [id, until] of state.beamUntil) {
    // The oldest comes first.
    if (tick < until) break;
    state.beam.delete(id);
    state.beamUntil.delete(id);
  }
  // All at first, and then one after the other, so that there is something to fly for.
  const missing =
    state.spark.size === 0 ? sparkCount : tick % sparkSteps === 0 && state.spark.size < sparkCount ? 1 : 0;
  for (let i = 0; i < missing; i++) {
    const worth = random() < 0.12 ? 3 : 1;
    drop(state, { x: 40 + random() * (size - 80), y: 40 + random() * (size - 80) }, worth);
  }
  endRound(state, context);
}

function comeBack(state: ArenaState, id: number, tick: number, random: () => number): void {
  const ship = state.ship.get(id)!;
  state.backAt.delete(id);
  Object.assign(ship, { x: 150 + random() * (size - 300), y: 150 + random() * (size - 300), vx: 0, vy: 0 });
  Object.assign(ship, { shield: fullShield, safeUntil: tick + safeSteps, dashFrom: tick });
}

/** A beam is there at once. It hits the first ship that stood in its way on the shooter's own screen. */
function fire(state: ArenaState, by: number, angle: number, { tick, seenBy, emit, random }: StepContext): void {
  const shooter = state.ship.get(by);
  if (!shooter || shooter.shield === 0 || tick < (state.fireFrom.get(by) ?? 0)) return;
  state.fireFrom.set(by, tick + fireSteps);
  // A ship that fires may be hit.
  shooter.safeUntil = Math.min(shooter.safeUntil, tick);
  const { x, y } = shooter;
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const seen = state.bots.has(by) ? undefined : seenBy(by);
  let length = Math.min(range, distanceToWall(x, y, dx, dy));
  let hit: { readonly id: number; readonly ship: Ship } | undefined;
  for (const [id, ship] of state.ship) {
    if (id === by || ship.shield === 0 || tick < ship.safeUntil) continue;
    const at = seen?.at('ship', id) ?? ship;
    const along = (at.x - x) * dx + (at.y - y) * dy;
    const aside = Math.abs((at.x - x) * dy - (at.y - y) * dx);
    if (along <= 0 || along >= length || aside > hitRadius) continue;
    length = along;
    hit = { id, ship };
  }
  const beam = ++state.lastId;
  state.beam.set(beam, { x, y, toX: x + dx * length, toY: y + dy * length, by });
  state.beamUntil.set(beam, tick + beamSteps);
  if (!hit) return;
  hit.ship.shield--;
  emit('hit', { by, who: hit.id, left: hit.ship.shield });
  if (hit.ship.shield === 0) takeOut(state, hit.id, by, tick, emit, random);
}

function takeOut(
  state: ArenaState,
  who: number,
  by: number,
  tick: number,
  emit: StepContext['emit'],
  random: () => number,
): void {
  const [ship, loser, winner] = [state.ship.get(who)!, state.score.get(who)!, state.score.get(by)!];
  const lost = Math.ceil(loser.points / 3);
  loser.points -= lost;
  winner.points = Math.min(9999, winner.points + 4);
  for (let left = Math.min(8, lost + 2); left > 0; left--) {
    const [turn, far] = [random() * 2 * Math.PI, 20 + random() * 90];
    drop(state, { x: within(ship.x + Math.cos(turn) * far), y: within(ship.y + Math.sin(turn) * far) }, 1);
  }
  state.backAt.set(who, tick + backSteps);
  emit('out', { by, who });
}

function drop(state: ArenaState, { x, y }: { readonly x: number; readonly y: number }, worth: number): void {
  state.spark.set(++state.lastId, { x, y, worth });
}

function collect(state: ArenaState): void {
  for (const [id, ship] of state.ship) {
    if (ship.shield === 0) continue;
    for (const [spark, { x, y, worth }] of state.spark) {
      const [dx, dy] = [x - ship.x, y - ship.y];
      if (dx > reach || dx < -reach || dy > reach || dy < -reach || dx * dx + dy * dy > reach * reach) continue;
      state.spark.delete(spark);
      const score = state.score.get(id)!;
      score.points = Math.min(9999, score.points + worth);
    }
  }
}

/** The best of a round is told, and all begin at nothing. */
function endRound(state: ArenaState, { tick, emit }: StepContext): void {
  const round = state.round.get(roundId)!;
  if (tick < round.until) return;
  const [best] = [...state.score.values()].toSorted((a, b) => b.points - a.points);
  round.until = tick + roundSteps;
  round.winner = best?.name ?? '';
  round.best = best?.points ?? 0;
  for (const score of state.score.values()) score.points = 0;
  if (best) emit('round', { winner: best.name, points: round.best });
}

function within(place: number): number {
  return Math.max(shipRadius, Math.min(size - shipRadius, place));
}
