import { z } from 'zod';
import type { Patch, PatchOf } from './patch.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const check = <T extends true>(): T | undefined => undefined;

const plain = z.object({ n: z.number(), at: z.object({ x: z.number() }) });
const dated = z.object({ n: z.number(), at: z.string().transform(Number) });
const defaulted = z.object({ n: z.number().default(0) });
type Of<S extends z.ZodType> = PatchOf<z.input<S>, z.output<S>>;

// The result of a patch goes through the schema again.
check<Equal<Of<typeof plain>, Patch<z.input<typeof plain>>>>();
check<Equal<Of<typeof defaulted>, Patch<z.input<typeof defaulted>>>>();
// It would refuse what it has made itself.
check<Equal<Of<typeof dated>, never>>();
