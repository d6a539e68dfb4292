// Sec-WebSocket-Extensions (RFC 6455 §9.1): `name; param; param=value; param="value", name …`

interface ExtensionParameter {
  readonly name: string;
  /** Undefined: the parameter has no value. A quoted value is given without its quotes. */
  readonly value: string | undefined;
}

export interface Extension {
  readonly name: string;
  readonly parameters: readonly ExtensionParameter[];
}

// RFC 9110 §5.6.2. Sticky, so that the scan is one pass over the header.
const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const QUOTED = /"((?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[\x20-\x7e])*)"/y;
const SPACE = /[ \t]*/y;

export function isToken(text: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text);
}

/** The extensions in their order, or undefined when the header does not follow the grammar. */
export function parseExtensions(header: string): readonly Extension[] | undefined {
  const extensions: Extension[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(header);
    if (found === null) return undefined;
    at = pattern.lastIndex;
    return found[1] ?? found[0];
  };
  for (;;) {
    match(SPACE);
    const name = match(TOKEN);
    if (name === undefined) return undefined;
    const parameters: ExtensionParameter[] = [];
    match(SPACE);
    while (header[at] === ';') {
      at++;
      match(SPACE);
      const parameter = match(TOKEN);
      if (parameter === undefined) return undefined;
      match(SPACE);
      let value: string | undefined;
      if (header[at] === '=') {
        at++;
        match(SPACE);
        value = header[at] === '"' ? unquote(match(QUOTED)) : match(TOKEN);
        // §9.1: "the value after quoted-string unescaping MUST conform to the 'token' ABNF".
        if (value === undefined || !isToken(value)) return undefined;
        match(SPACE);
      }
      parameters.push({ name: parameter, value });
    }
    extensions.push({ name, parameters });
    if (at === header.length) return extensions;
    if (header[at] !== ',') return undefined;
    at++;
  }
}

function unquote(text: string | undefined): string | undefined {
  return text?.replace(/\\(.)/g, '$1');
}
