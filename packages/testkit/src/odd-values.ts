/** A value that plain JavaScript hands over where the types ask for something else, with its name for the title of a test. */
export interface OddValue {
  readonly name: string;
  readonly value: unknown;
}

class Instance {
  readonly user = 'ada';
}

/** Made anew for each caller: some of them can be changed. */
export function oddValues(): readonly OddValue[] {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const values: Readonly<Record<string, unknown>> = {
    undefined,
    null: null,
    false: false,
    true: true,
    '0': 0,
    '-0': -0,
    '-1': -1,
    '1.5': 1.5,
    NaN,
    Infinity,
    '-Infinity': -Infinity,
    'above 31 bits': 2 ** 31,
    'beyond whole numbers': 2 ** 53,
    'a bigint': 10n,
    'an empty text': '',
    'a text': 'yes',
    'a number as text': '10',
    'a duration as text': '10s',
    'half of a surrogate pair': '\ud800',
    'a long text': 'x'.repeat(100_000),
    'an empty array': [],
    'an array': ['ada', 1],
    'an empty object': {},
    'an object of unknown fields': { bogus: 1 },
    'an object that contains itself': circular,
    'an instance of a class': new Instance(),
    'a function': () => true,
    'a symbol': Symbol('odd'),
    'a date': new Date(0),
    'a map': new Map([['user', 'ada']]),
    'an error': new Error('odd'),
    bytes: new Uint8Array([1, 2, 3]),
  };
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/**
 * Names of the odd values that `use` takes without throwing; what is undefined is left out. Throws where a refusal is no `TypeError` or
 * `RangeError`, or does not name the `field`.
 */
export function takenOddValues(field: string, use: (odd: unknown) => unknown): readonly string[] {
  return oddValues()
    .filter(({ name, value }) => value !== undefined && isTaken(field, name, () => use(value)))
    .map(({ name }) => name);
}

function isTaken(field: string, name: string, use: () => unknown): boolean {
  try {
    use();
    return true;
  } catch (error) {
    if ((error instanceof TypeError || error instanceof RangeError) && error.message.includes(field)) return false;
    throw new Error(`${field}: ${name} is refused with what does not say so.`, { cause: error });
  }
}
