/**
 * The part of Standard Schema (standardschema.dev, v1) that Longwave uses. The specification asks
 * implementers to copy the interface rather than depend on it; any zod, valibot or arktype schema fits.
 */
export interface Schema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Type of the data that a publisher gives. */
export type InputOf<S> = S extends Schema<infer Input, infer _> ? Input : never;
/** Type of the data that a subscriber gets. */
export type OutputOf<S> = S extends Schema<infer _, infer Output> ? Output : never;

/** Returns one line for the sender that names each fault and its place. */
export function describeIssues(issues: readonly SchemaIssue[]): string {
  return issues
    .slice(0, 5)
    .map(({ message, path }) => {
      const where = path?.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
      return where ? `${where}: ${message}` : message;
    })
    .join('; ');
}
