import type { Schema } from './schema.js';

/** Tells whether a value is a Standard Schema: an object, or a function as those of arktype are. */
export function isSchema(value: unknown): value is Schema {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  const standard = (value as { readonly '~standard'?: { readonly validate?: unknown } | null })['~standard'];
  return typeof standard?.validate === 'function';
}
