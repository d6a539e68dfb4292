import type { ServerResponse } from 'node:http';
import { type HttpProblem, problemBody } from './http-api/problem.js';

/** Answers with the problem, in the form of the HTTP API. Nothing of it may be kept. */
export function refuse(response: ServerResponse, problem: HttpProblem): void {
  const { status } = problem;
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    ...(status === 503 && !response.hasHeader('Retry-After') && { 'Retry-After': '1' }),
  });
  response.end(JSON.stringify(problemBody(problem)));
}
