import { isWellFormed } from '@longwave/protocol';
import type { Field, Fields, NumberedField, TextField, ValuesOf } from './fields.js';

/** Most fields of one kind of entity. */
const maxFields = 64;

/** With the flag `u`, whole pairs are no surrogates. */
const halfPairs = /\p{Surrogate}/gu;

interface Named<F extends Field> {
  readonly name: string;
  readonly field: F;
}

/**
 * The fields of one kind in the order in which they are kept and sent: numbered ones first, then texts, each by its place in the
 * contract.
 */
export class Layout<F extends Fields = Fields> {
  readonly numbered: readonly Named<NumberedField>[];
  readonly texts: readonly Named<TextField>[];

  /** `of` names the kind in messages. Throws `RangeError` for too many fields, `TypeError` for what is no field. */
  constructor(of: string, fields: F) {
    const all = Object.entries(fields).map(([name, field]) => ({ name, field }));
    const other = all.find(({ field }) => field?.type !== 'numbered' && field?.type !== 'text');
    if (other) throw new TypeError(`room: ${of}.${other.name} is no field, as real() makes one.`);
    if (all.length > maxFields) throw new RangeError(`room: ${of} has more than ${maxFields} fields.`);
    this.numbered = all.filter((named): named is Named<NumberedField> => named.field.type === 'numbered');
    this.texts = all.filter((named): named is Named<TextField> => named.field.type === 'text');
  }

  /** All fields, numbered and texts. */
  get size(): number {
    return this.numbered.length + this.texts.length;
  }

  /** Puts the values of an entity, as the contract can say them, at these places. */
  write(
    values: Readonly<Record<string, unknown>>,
    numbers: Int32Array,
    at: number,
    texts: string[],
    textsAt: number,
  ): void {
    const { numbered } = this;
    for (let i = 0; i < numbered.length; i++) {
      const { name, field } = numbered[i]!;
      const { scale } = field;
      // As `toNumber`, without the call: this runs for each field of each entity at each snapshot.
      if (scale) {
        const number = Math.round(((values[name] as number) - scale.min) / scale.step);
        numbers[at + i] = number > 0 ? (number < field.last ? number : field.last) : 0;
      } else numbers[at + i] = field.toNumber(values[name]);
    }
    for (let i = 0; i < this.texts.length; i++) {
      const { name, field } = this.texts[i]!;
      texts[textsAt + i] = toText(values[name], field.maxLength);
    }
  }

  /** Puts what `write` took into `target`. */
  read(
    target: Record<string, unknown>,
    numbers: Int32Array,
    at: number,
    texts: readonly string[],
    textsAt: number,
  ): void {
    for (let i = 0; i < this.numbered.length; i++) {
      const { name, field } = this.numbered[i]!;
      target[name] = field.fromNumber(numbers[at + i]!);
    }
    for (let i = 0; i < this.texts.length; i++) target[this.texts[i]!.name] = texts[textsAt + i]!;
  }

  /** The values as the contract can say them. */
  rounded(values: ValuesOf<F>): ValuesOf<F> {
    const numbers = new Int32Array(this.numbered.length);
    const texts: string[] = [];
    const target: Record<string, unknown> = {};
    this.write(values, numbers, 0, texts, 0);
    this.read(target, numbers, 0, texts, 0);
    return target as ValuesOf<F>;
  }
}

function toText(value: unknown, maxLength: number): string {
  const given = typeof value === 'string' ? value : '';
  const cut = given.length > maxLength ? given.slice(0, maxLength) : given;
  // Half a surrogate pair is no text, and could not be sent.
  return isWellFormed(cut) ? cut : cut.replace(halfPairs, '\ufffd');
}
