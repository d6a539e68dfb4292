import type { View } from '@longwave/protocol';

/** The view with these keys besides its own. */
export function withKeys(view: View, keys: readonly string[]): View {
  return { ...view, keys: [...new Set([...(view.keys ?? []), ...keys])] };
}

export function withoutKeys(view: View, keys: readonly string[]): View {
  return { ...view, keys: (view.keys ?? []).filter((key) => !keys.includes(key)) };
}
