import { useState } from 'react';

/** `value` as JSON tells it apart: one that each render makes anew stays the first of those that say the same. */
export function useSame<Value>(value: Value): Value {
  const text = textOf(value);
  const [kept, keep] = useState({ value, text });
  if (kept.text === text) return kept.value;
  keep({ value, text });
  return value;
}

/** Values that JSON cannot say are all the same: the client refuses the first of them by its name. */
function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return 'none';
  }
}
