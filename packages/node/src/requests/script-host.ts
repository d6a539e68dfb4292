import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Logger } from '@longwave/core';
import { type Gate, refusalReasons } from '../gate/gate.js';
import { endSoon, responseTimeoutMs } from '../http/plug.js';
import { HttpProblem } from '../http/problem.js';
import { refuse } from '../http/refuse.js';
import { targetOf } from '../http/target.js';

const compressors = { br: promisify(brotliCompress), gzip: promisify(gzip) };
type Coding = keyof typeof compressors;

export interface ScriptHostOptions {
  /** That of the endpoint: the scripts have its name, `/longwave.js` beside `/longwave`. */
  readonly path: string;
  readonly gate: Pick<Gate, 'admitsHost'>;
  readonly logger: Logger;
  /** Where the build has put them. Default: in this package. */
  readonly folder?: URL;
}

/** A file in all its forms, each made once. */
interface Script {
  readonly version: string;
  readonly plain: Buffer;
  readonly coded: Map<Coding, Promise<Buffer>>;
}

/** The client as files of this server, for pages without a build step (HTTP-24). */
export class ScriptHost {
  readonly #options: ScriptHostOptions;
  /** That of the scripts, without their extension. */
  readonly path: string;
  readonly #scripts = new Map<string, Promise<Script>>();

  constructor(options: ScriptHostOptions) {
    this.#options = options;
    this.path = options.path || '/longwave';
  }

  /** False: its path is none of ours, and nothing was done. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const { path, query } = targetOf(request);
    const extension = path.startsWith(this.path) ? path.slice(this.path.length) : '';
    if (extension !== '.js' && extension !== '.mjs') return false;
    const { gate, logger } = this.#options;
    if (!gate.admitsHost(request))
      refuse(response, new HttpProblem('forbidden', refusalReasons.host), { unread: true });
    else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      refuse(response, new HttpProblem('unknown-method', 'This path takes GET, HEAD.', 405), { unread: true });
    } else {
      this.#give(`longwave${extension}`, new URLSearchParams(query).get('v'), request, response).catch(
        (error: unknown) => {
          logger.error('A script cannot be served.', error);
          if (response.headersSent) response.destroy();
          else refuse(response, new HttpProblem('unknown-method', 'This installation lacks the script.', 404));
        },
      );
    }
    return true;
  }

  async #give(
    file: string,
    asked: string | null,
    { headers, method }: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const script = await this.#read(file);
    const coding = codingOf(headers['accept-encoding']);
    const etag = `"${script.version}${coding ? `-${coding}` : ''}"`;
    response.setHeader('ETag', etag);
    // Under the name of its version it never changes. Without one, a page gets the next version when the server has it.
    const kept = asked === script.version ? 'max-age=31536000, immutable' : 'no-cache';
    response.setHeader('Cache-Control', `public, ${kept}`);
    response.setHeader('Vary', 'Accept-Encoding');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    // It is the same for everybody, and `integrity` on a page of another origin needs leave to read it.
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    if (isKnown(headers['if-none-match'], etag)) return void response.writeHead(304).end();
    const body = coding ? await compressed(script, coding) : script.plain;
    response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
    response.setHeader('Content-Length', body.length);
    if (coding) response.setHeader('Content-Encoding', coding);
    endSoon(response, responseTimeoutMs);
    response.end(method === 'HEAD' ? undefined : body);
  }

  /** One that could not be read is tried again. */
  #read(file: string): Promise<Script> {
    const known = this.#scripts.get(file);
    if (known) return known;
    const { folder = new URL('../../dist/script/', import.meta.url) } = this.#options;
    const reading = readFile(new URL(file, folder)).then((plain) => ({
      version: createHash('sha256').update(plain).digest('hex').slice(0, 16),
      plain,
      coded: new Map(),
    }));
    this.#scripts.set(file, reading);
    reading.catch(() => this.#scripts.delete(file));
    return reading;
  }
}

function compressed(script: Script, coding: Coding): Promise<Buffer> {
  const known = script.coded.get(coding);
  if (known) return known;
  const made = compressors[coding](script.plain);
  script.coded.set(coding, made);
  return made;
}

/** The best coding that is taken (RFC 9110 §12.5.3). */
function codingOf(accepted = ''): Coding | undefined {
  const taken = new Map(
    accepted.split(',').map((each) => {
      const [name = '', ...parameters] = each.split(';').map((part) => part.trim().toLowerCase());
      return [name, !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))];
    }),
  );
  return (['br', 'gzip'] as const).find((coding) => taken.get(coding) ?? taken.get('*') ?? false);
}

/** RFC 9110 §13.1.2: compared weakly. */
function isKnown(condition: string | undefined, etag: string): boolean {
  const known = condition?.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return known !== undefined && (known.includes(etag) || known.includes('*'));
}
