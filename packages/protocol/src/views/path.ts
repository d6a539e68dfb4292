/** Levels of members that a path is checked to. Below them any name passes, so that a recursive type has an end. */
type Levels = readonly [0, 0, 0, 0];

/**
 * The paths that `where` and `area` of a view may name in values of this type, such as `'position.lat'`. Where the type
 * of the values is not known, it is any text. Members of lists have no path.
 */
export type PathOf<Value, Left extends readonly unknown[] = Levels> = unknown extends Value
  ? string
  : Value extends readonly unknown[] | ArrayBufferView
    ? never
    : Value extends object
      ? Left extends readonly [unknown, ...infer Rest]
        ? { [Name in keyof Value & string]-?: Name | Below<Name, PathOf<Value[Name], Rest>> }[keyof Value & string]
        : string
      : never;

type Below<Name extends string, Path> = Path extends string ? `${Name}.${Path}` : never;
