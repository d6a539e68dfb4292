import { LongwaveError, type Schema, describeIssues } from '@longwave/protocol';
import type { CallChecks } from '../base/ports.js';

/** Schemas of one call. A side without one is not checked. */
export interface CallSchemas {
  /** Schema of the argument. */
  readonly input?: Schema | undefined;
  /** Schema of the result. */
  readonly output?: Schema | undefined;
}

/** Schemas by method name, for {@link callChecks}. The results of `defineCalls` and `defineClientCalls` fit as well. */
export interface CheckedCalls {
  /** Calls of the client to the server. */
  readonly calls?: Readonly<Record<string, CallSchemas>>;
  /** Calls of the server to the client. */
  readonly clientCalls?: Readonly<Record<string, CallSchemas>>;
}

/**
 * Checks calls on the client by their schemas (CALL-10): the argument before it is sent, the result when it comes, in both
 * directions. One that does not fit rejects with `invalid-data`, and the server is not asked in vain. The server checks all the
 * same. Values are not changed: a schema that transforms is asked only whether the value fits. A method without schemas is not checked.
 * A page that does not import this function does not load it.
 * @example
 * ```ts
 * const checks = callChecks({ calls: { add: { input: pairOfNumbers, output: z.number() } } });
 * const client = connect<typeof channels, typeof calls>('https://example.com', { checks });
 * ```
 */
export function callChecks({ calls = {}, clientCalls = {} }: CheckedCalls): CallChecks {
  return {
    call: (method, input, ask) => around(calls, method, input, ask),
    answer: (method, input, handle) => around(clientCalls, method, input, () => handle(input)),
  };
}

async function around(
  all: Readonly<Record<string, CallSchemas>>,
  method: string,
  input: unknown,
  work: () => unknown,
): Promise<unknown> {
  const schemas = Object.hasOwn(all, method) ? all[method] : undefined;
  await requireFit(schemas?.input, input, `The input of ${method}`);
  const output = await work();
  await requireFit(schemas?.output, output, `The result of ${method}`);
  return output;
}

async function requireFit(schema: Schema | undefined, value: unknown, what: string): Promise<void> {
  const result = await schema?.['~standard'].validate(value);
  if (result?.issues) throw new LongwaveError('invalid-data', `${what} does not fit: ${describeIssues(result.issues)}`);
}
