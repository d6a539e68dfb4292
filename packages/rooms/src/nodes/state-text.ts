/** Deeper values are refused, and so are those that contain themselves. */
const maxDepth = 64;

const arrays = { Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array };
type ArrayName = keyof typeof arrays;

/** Names the kind of a value that JSON has no way to say. Objects with a property of this name are written as one as well. */
const mark = '$';

/**
 * Writes plain data as JSON: objects, arrays, texts, numbers of all kinds, `bigint`, booleans, `null`, `undefined`, `Map`, `Set`, `Date`
 * and typed arrays. Throws `TypeError` that names the path of anything else, such as a function or an instance of a class, and
 * `RangeError` below 64 levels.
 */
export function stateToText(state: unknown): string {
  return JSON.stringify(toJson(state, '', 0));
}

/** Reads what `stateToText` wrote. Throws `SyntaxError` or `TypeError` for anything else. */
export function stateFromText(text: string): unknown {
  return fromJson(JSON.parse(text));
}

function toJson(value: unknown, path: string, depth: number): unknown {
  if (depth > maxDepth) throw new RangeError(`${path} lies more than ${maxDepth} levels deep.`);
  switch (typeof value) {
    case 'string':
    case 'boolean': {
      return value;
    }
    case 'number': {
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : marked('number', Object.is(value, -0) ? '-0' : `${value}`);
    }
    case 'bigint': {
      return marked('bigint', `${value}`);
    }
    case 'undefined': {
      return marked('undefined');
    }
    case 'function':
    case 'symbol': {
      throw new TypeError(`${path || 'It'} is a ${typeof value}, which is no plain data.`);
    }
    case 'object': {
      return value === null ? null : objectToJson(value, path, depth);
    }
  }
}

function objectToJson(value: object, path: string, depth: number): unknown {
  const inside = (part: unknown, name: string | number): unknown => toJson(part, `${path}/${name}`, depth + 1);
  if (Array.isArray(value)) return value.map(inside);
  if (value instanceof Map) {
    return marked(
      'map',
      [...(value as Map<unknown, unknown>)].map(([key, part]) => [inside(key, 'key'), inside(part, String(key))]),
    );
  }
  if (value instanceof Set) return marked('set', [...(value as Set<unknown>)].map(inside));
  if (value instanceof Date) return marked('date', toJson(value.getTime(), path, depth));
  const array = (Object.keys(arrays) as ArrayName[]).find((name) => value instanceof arrays[name]);
  if (array) return marked(array, Array.from(value as Float64Array, inside));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`${path || 'It'} is an instance of a class, which is no plain data.`);
  }
  const entries = Object.entries(value).map(([name, part]) => [name, inside(part, name)] as const);
  return Object.hasOwn(value, mark) ? marked('object', entries) : Object.fromEntries(entries);
}

function marked(kind: string, of?: unknown): unknown {
  return { [mark]: kind, of };
}

function fromJson(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(fromJson);
  if (!Object.hasOwn(json, mark)) {
    return Object.fromEntries(Object.entries(json).map(([name, part]) => [name, fromJson(part)]));
  }
  const { [mark]: kind, of } = json as { readonly [mark]: string; readonly of: never };
  switch (kind) {
    case 'number': {
      return Number(of);
    }
    case 'bigint': {
      return BigInt(of);
    }
    case 'undefined': {
      return undefined;
    }
    case 'map': {
      return new Map(fromJson(of) as [unknown, unknown][]);
    }
    case 'set': {
      return new Set(fromJson(of) as unknown[]);
    }
    case 'date': {
      return new Date(fromJson(of) as number);
    }
    case 'object': {
      return Object.fromEntries(fromJson(of) as [string, unknown][]);
    }
    default: {
      if (!Object.hasOwn(arrays, kind)) throw new TypeError(`Nothing is called '${kind}' in a state.`);
      return arrays[kind as ArrayName].from(fromJson(of) as number[]);
    }
  }
}
