/**
 * Channel names are segments joined by `/`. In a pattern a segment that starts with `:` is a
 * parameter and stands for any one non-empty segment (CH-1, CH-2).
 */
export type ChannelName<Pattern extends string> = Pattern extends `${infer Head}/${infer Tail}`
  ? `${ChannelName<Head>}/${ChannelName<Tail>}`
  : Pattern extends `:${string}`
    ? string
    : Pattern;

/** `'chat/:room'` gives `{ room: string }`. */
export type Params<Pattern extends string> = Pattern extends `${infer Head}/${infer Tail}`
  ? Params<Head> & Params<Tail>
  : Pattern extends `:${infer Name}`
    ? { readonly [N in Name]: string }
    : unknown;

// Printable characters that need no escape in a URL path, a log line or a shell.
const segment = /^[\p{L}\p{N}._~@:=+,!-]+$/u;

/**
 * Tells whether `name` may name a channel (CH-1): 1 to 200 UTF-16 units, non-empty segments of letters, digits and
 * `._~@:=+,!-`.
 * @example
 * ```ts
 * if (isChannelName(`chat/${name}`)) console.log('may be opened');
 * ```
 */
export function isChannelName(name: string): boolean {
  return name.length <= 200 && name.split('/').every((part) => segment.test(part));
}

/** Returns the parameters of `name` under `pattern`, or undefined when it does not match. */
export function matchPattern(pattern: string, name: string): Record<string, string> | undefined {
  const parts = pattern.split('/');
  const values = name.split('/');
  if (parts.length !== values.length) return undefined;
  const params: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [i, part] of parts.entries()) {
    const value = values[i]!;
    if (part.startsWith(':')) params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
}
