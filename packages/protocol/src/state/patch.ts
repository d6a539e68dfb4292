/** A JSON Merge Patch (RFC 7396): members replace those of the value, null removes. */
export type Patch<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? { readonly [Name in keyof Value]?: Patch<Value[Name]> | null }
    : Value;

/**
 * The patches that a channel takes. The schema checks the stored value with the patch applied, so it must accept its
 * own output: where it does not, a patch has the type `never`.
 */
export type PatchOf<In, Out> = [Out] extends [In] ? Patch<In> : never;
