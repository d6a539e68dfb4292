import type { Engine } from '@longwave/core';
import type { Hono } from 'hono';
import { type JsonObject, objectOf, textField } from './message-input.js';
import { HttpProblem } from '../http/problem.js';
import { type Env, type Request, parameter } from './route.js';
import { wireLimits } from '@longwave/protocol';

export interface DocumentRoutesOptions {
  readonly engine: Engine;
  readonly readBody: (context: Request) => Promise<unknown>;
}

const nameLength = 200;

/** Documents and their versions, as opaque content. */
export function addDocumentRoutes(app: Hono<Env>, { engine, readBody }: DocumentRoutesOptions): void {
  const { documents } = engine;

  app.get('/channels/:channel/document', async (context) => {
    const channel = parameter(context, 'channel');
    const version = context.req.query('version');
    const content =
      version === undefined ? await documents.content(channel) : await documents.readVersion(channel, version);
    return context.body(new Uint8Array(content), 200, { 'content-type': 'application/octet-stream' });
  });

  app.post('/channels/:channel/document/compact', async (context) =>
    context.json({ compacted: await documents.compact(parameter(context, 'channel')) }),
  );

  app.get('/channels/:channel/document/size', async (context) =>
    context.json(await documents.size(parameter(context, 'channel'))),
  );

  app.get('/channels/:channel/versions', async (context) =>
    context.json({ versions: await documents.versions(parameter(context, 'channel')) }),
  );

  app.post('/channels/:channel/versions', async (context) => {
    const channel = parameter(context, 'channel');
    const fields = objectOf(await readBody(context), 'The body');
    return context.json(await documents.saveVersion(channel, versionInput(fields)), 201);
  });
}

function versionInput(fields: JsonObject): { name: string; user?: string } {
  const name = textField(fields, 'name', nameLength, 'The body');
  const user = textField(fields, 'user', wireLimits.tokenLength, 'The body');
  if (name === undefined)
    throw new HttpProblem('bad-frame', `The body.name must be a text of 1 to ${nameLength} characters.`);
  return { name, ...(user !== undefined && { user }) };
}
