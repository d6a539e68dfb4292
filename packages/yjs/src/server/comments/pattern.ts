/** The name of a channel. */
export type Name = string;

/** A pattern of channel names, such as `'doc/:id'`. */
export interface Pattern {
  readonly parameters: readonly string[];
  /** The parameters of a name; undefined where it does not fit. */
  read(name: Name): Readonly<Record<string, string>> | undefined;
  write(params: Readonly<Record<string, string>>): Name;
}

export function pattern(text: string): Pattern {
  const segments = text.split('/').map((segment) => ({
    parameter: segment.startsWith(':') ? segment.slice(1) : undefined,
    text: segment,
  }));
  return {
    parameters: segments.flatMap(({ parameter }) => parameter ?? []),
    read(name) {
      const parts = name.split('/');
      const fits = ({ parameter, text: own }: (typeof segments)[number], i: number): boolean =>
        parameter === undefined ? parts[i] === own : parts[i] !== '';
      if (parts.length !== segments.length || !segments.every(fits)) return undefined;
      return Object.fromEntries(
        segments.flatMap(({ parameter }, i) => (parameter === undefined ? [] : [[parameter, parts[i]!]])),
      );
    },
    write: (params) =>
      segments.map(({ parameter, text: own }) => (parameter === undefined ? own : params[parameter])).join('/'),
  };
}
