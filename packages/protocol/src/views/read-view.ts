import type { Area, Condition, Scalar, View, Where } from './view.js';

const maxKeys = 1000;
const maxConditions = 16;
const maxListed = 100;
const operators = new Set(['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'has']);

/** The view that a peer wrote, or what is wrong with it (VIEW-1). Nothing that is not understood passes: it may have been meant to hide something. */
export function readView(value: unknown): View | string {
  if (!isObject(value)) return 'A view is an object.';
  for (const name of Object.keys(value)) {
    if (!['keys', 'rate', 'where', 'area', 'count'].includes(name)) return `A view has no '${name}'.`;
  }
  const { keys, rate, where, area, count } = value;
  if (keys !== undefined && !isKeys(keys)) return `'keys' is a list of at most ${maxKeys} keys.`;
  if (rate !== undefined && !(isFinite(rate) && rate >= 0.001 && rate <= 1000)) {
    return "'rate' is a number of updates a second, from 0.001 to 1,000.";
  }
  if (count !== undefined && count !== true) return "'count' is true.";
  return (where !== undefined && wrongWhere(where)) || (area !== undefined && wrongArea(area)) || value;
}

function wrongWhere(where: unknown): string | undefined {
  if (!isObject(where)) return "'where' is an object of conditions by field.";
  const entries = Object.entries(where);
  if (entries.length > maxConditions) return `'where' has at most ${maxConditions} fields.`;
  const wrong = entries.find(([, condition]) => !isScalar(condition) && !isCondition(condition));
  return wrong && `The condition on '${wrong[0]}' is not understood.`;
}

function wrongArea(area: unknown): string | undefined {
  if (!isObject(area)) return "'area' is an object.";
  const { at, box, circle, margin = 0 } = area as Partial<Area>;
  if (!Array.isArray(at) || at.length !== 2 || !at.every((field) => typeof field === 'string')) {
    return "'area.at' names the two fields of a position.";
  }
  if (!(isFinite(margin) && margin >= 0 && margin <= 10)) return "'area.margin' is a share of the size, from 0 to 10.";
  if ((box === undefined) === (circle === undefined)) return "'area' has either a 'box' or a 'circle'.";
  if (box !== undefined && !(isNumbers(box, 4) && box[0] <= box[2] && box[1] <= box[3])) {
    return "'area.box' is [minX, minY, maxX, maxY].";
  }
  if (circle !== undefined && !(isNumbers(circle, 3) && circle[2] >= 0)) return "'area.circle' is [x, y, radius].";
  return undefined;
}

function isCondition(value: unknown): value is Condition {
  if (!isObject(value)) return false;
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every(([name, operand]) => operators.has(name) && isOperand(name, operand));
}

function isOperand(name: string, operand: unknown): boolean {
  if (name === 'in') return Array.isArray(operand) && operand.length <= maxListed && operand.every(isScalar);
  if (name === 'eq' || name === 'ne' || name === 'has') return isScalar(operand);
  return typeof operand === 'string' || isFinite(operand);
}

function isKeys(value: unknown): boolean {
  return Array.isArray(value) && value.length <= maxKeys && value.every((key) => typeof key === 'string');
}

function isNumbers(value: unknown, count: number): value is number[] {
  return Array.isArray(value) && value.length === count && value.every(isFinite);
}

function isFinite(value: unknown): value is number {
  return Number.isFinite(value);
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function isObject(value: unknown): value is Record<string, unknown> & Partial<Where> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
