/** A place where two sequences differ: the units from `a` to `aEnd` of one stand as those from `b` to `bEnd` in the other. */
export interface Difference {
  readonly a: number;
  readonly aEnd: number;
  readonly b: number;
  readonly bEnd: number;
}

/** Single changes that are looked for. Where there are more, all that lies between counts as one. */
const maxChanges = 1000;
/** Units of a difference of lines that is looked into letter by letter. */
const maxLetters = 20_000;

/** The differences of two sequences of units, in their order: lines first, then within lines. A line ends with the unit `'\n'`. */
export function diffText(a: readonly string[], b: readonly string[]): readonly Difference[] {
  const [aLines, bLines] = [linesOf(a), linesOf(b)];
  const texts = (units: readonly string[], lines: readonly number[]): string[] =>
    lines.slice(1).map((end, i) => units.slice(lines[i], end).join('\u0000'));
  return diff(texts(a, aLines), texts(b, bLines)).flatMap((lines) => {
    const whole = { a: aLines[lines.a]!, aEnd: aLines[lines.aEnd]!, b: bLines[lines.b]!, bEnd: bLines[lines.bEnd]! };
    if (whole.aEnd - whole.a + whole.bEnd - whole.b > maxLetters) return [whole];
    return diff(a.slice(whole.a, whole.aEnd), b.slice(whole.b, whole.bEnd)).map((within) => ({
      a: whole.a + within.a,
      aEnd: whole.a + within.aEnd,
      b: whole.b + within.b,
      bEnd: whole.b + within.bEnd,
    }));
  });
}

/** Where lines begin, and the end. */
function linesOf(units: readonly string[]): number[] {
  const starts = [0];
  for (let i = 0; i < units.length; i++) if (units[i]!.startsWith('\n')) starts.push(i + 1);
  if (starts.at(-1) !== units.length) starts.push(units.length);
  return starts;
}

/** The differences of two sequences, in their order: the fewest changes, up to a bound. */
export function diff(a: readonly string[], b: readonly string[]): readonly Difference[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let [aEnd, bEnd] = [a.length, b.length];
  while (aEnd > start && bEnd > start && a[aEnd - 1] === b[bEnd - 1]) {
    aEnd--;
    bEnd--;
  }
  if (start === aEnd && start === bEnd) return [];
  const whole = { a: start, aEnd, b: start, bEnd };
  if (start === aEnd || start === bEnd) return [whole];
  const within = shortest(a.slice(start, aEnd), b.slice(start, bEnd));
  if (!within) return [whole];
  return within.map((one) => ({
    ...{ a: one.a + start, aEnd: one.aEnd + start },
    ...{ b: one.b + start, bEnd: one.bEnd + start },
  }));
}

/**
 * The shortest way from one sequence to the other (Myers, "An O(ND) Difference Algorithm", 1986). Undefined: it has more than
 * `maxChanges` steps.
 */
function shortest(a: readonly string[], b: readonly string[]): readonly Difference[] | undefined {
  const most = Math.min(a.length + b.length, maxChanges);
  const offset = most + 1;
  const reached = new Int32Array(2 * most + 3);
  const trace: Int32Array[] = [];
  for (let steps = 0; steps <= most; steps++) {
    trace.push(reached.slice(offset - steps - 1, offset + steps + 2));
    for (let k = -steps; k <= steps; k += 2) {
      const isDown = k === -steps || (k !== steps && reached[offset + k - 1]! < reached[offset + k + 1]!);
      let x = isDown ? reached[offset + k + 1]! : reached[offset + k - 1]! + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reached[offset + k] = x;
      if (x >= a.length && x - k >= b.length) return wayBack(trace, a.length, b.length);
    }
  }
  return undefined;
}

function wayBack(trace: readonly Int32Array[], aLength: number, bLength: number): readonly Difference[] {
  const found: Difference[] = [];
  let [x, y] = [aLength, bLength];
  for (let steps = trace.length - 1; steps > 0; steps--) {
    const reached = trace[steps]!;
    const at = (k: number): number => reached[k + steps + 1]!;
    const k = x - y;
    const isDown = k === -steps || (k !== steps && at(k - 1) < at(k + 1));
    const before = isDown ? k + 1 : k - 1;
    const beforeX = at(before);
    const beforeY = beforeX - before;
    found.push(
      isDown
        ? { a: beforeX, aEnd: beforeX, b: beforeY, bEnd: beforeY + 1 }
        : { a: beforeX, aEnd: beforeX + 1, b: beforeY, bEnd: beforeY },
    );
    [x, y] = [beforeX, beforeY];
  }
  return joined(found.toReversed());
}

/** Those that touch become one. */
function joined(differences: readonly Difference[]): readonly Difference[] {
  const result: Difference[] = [];
  for (const next of differences) {
    const last = result.at(-1);
    if (last?.aEnd === next.a && last.bEnd === next.b)
      result[result.length - 1] = { ...last, aEnd: next.aEnd, bEnd: next.bEnd };
    else result.push(next);
  }
  return result;
}
