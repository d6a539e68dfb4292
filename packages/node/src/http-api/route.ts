import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { HttpProblem } from '../http/problem.js';

export type Env = { Bindings: HttpBindings };
export type Request = Context<Env>;

/** A parameter of the path, decoded. Throws `unknown-method` where it is empty. */
export function parameter(context: Request, name: string): string {
  const value = context.req.param(name);
  if (!value) throw new HttpProblem('unknown-method', `The path has no ${name}.`);
  return value;
}
