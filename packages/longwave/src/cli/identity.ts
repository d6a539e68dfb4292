import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { Authenticate, JwtKey, JwtOptions } from '@longwave/auth';
import { type Command, Option } from 'commander';
import { CommandError } from './exit-codes.js';

/** Flags of `serve` that say who signs the tokens of clients. */
export interface IdentityFlags {
  readonly jwtIssuer?: string;
  readonly jwtAudience?: string;
  readonly jwksUrl?: string;
  readonly jwtSecretFile?: string;
  readonly jwtKeysFile?: string;
}

export function addIdentityOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--jwt-issuer <iss>', 'take JSON Web Tokens of this issuer; `any` for each').env(
        'LONGWAVE_JWT_ISSUER',
      ),
    )
    .addOption(
      new Option('--jwt-audience <aud>', 'the audience of the tokens; `any` for each').env('LONGWAVE_JWT_AUDIENCE'),
    )
    .addOption(new Option('--jwks-url <url>', 'where the issuer publishes its keys').env('LONGWAVE_JWKS_URL'))
    .addOption(
      new Option('--jwt-keys-file <file>', 'its public keys, in PEM or as a JWK set').env('LONGWAVE_JWT_KEYS_FILE'),
    )
    .addOption(
      new Option('--jwt-secret-file <file>', 'the secret that signs the tokens (HS256), 32 bytes at least').env(
        'LONGWAVE_JWT_SECRET_FILE',
      ),
    );
}

/** For the help of `serve`. */
export const identityEnvironment = '  LONGWAVE_JWT_SECRET  the secret itself, in place of --jwt-secret-file';

/** The `authenticate` that the flags ask for. Undefined: none of them was given. Throws `CommandError`. */
export async function readIdentity(flags: IdentityFlags): Promise<Authenticate | undefined> {
  const { jwtIssuer, jwtAudience, jwksUrl, jwtSecretFile, jwtKeysFile } = flags;
  const secretText = process.env['LONGWAVE_JWT_SECRET'] || undefined;
  const sources = [jwksUrl, jwtSecretFile, jwtKeysFile, secretText].filter((one) => one !== undefined);
  if (sources.length === 0 && jwtIssuer === undefined && jwtAudience === undefined) return undefined;
  if (sources.length !== 1) {
    throw new CommandError(
      'Tokens have one of --jwks-url, --jwt-keys-file, --jwt-secret-file and LONGWAVE_JWT_SECRET to be verified by.',
    );
  }
  if (jwtIssuer === undefined || jwtAudience === undefined) {
    throw new CommandError('Tokens need --jwt-issuer and --jwt-audience; give `any` for what is not to be checked.');
  }
  const secret =
    secretText ?? (jwtSecretFile === undefined ? undefined : readText(jwtSecretFile).replace(/\r?\n$/, ''));
  return build({
    issuer: jwtIssuer === 'any' ? false : jwtIssuer,
    audience: jwtAudience === 'any' ? false : jwtAudience,
    ...(secret !== undefined && { secret }),
    ...(jwksUrl !== undefined && { jwksUrl }),
    ...(jwtKeysFile !== undefined && { keys: readKeys(jwtKeysFile) }),
  });
}

async function build(options: JwtOptions): Promise<Authenticate> {
  const { jwt } = await load();
  try {
    return jwt(options);
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}

/** It is installed by who uses it, like the stores. */
async function load(): Promise<{ jwt(options: JwtOptions): Authenticate }> {
  try {
    return await import('@longwave/auth');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_MODULE_NOT_FOUND' && message.includes("'@longwave/auth'")) {
      throw new CommandError('Tokens are verified by a package that is not installed: npm install @longwave/auth');
    }
    throw error;
  }
}

function readKeys(file: string): JwtKey | readonly JwtKey[] {
  const text = readText(file);
  if (text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(text) as JwtKey;
    } catch {
      throw new CommandError(`${file} is no JSON.`);
    }
  }
  // Several may stand one after the other.
  const keys = text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g);
  if (!keys) throw new CommandError(`${file} holds no keys in PEM, and no JWK set.`);
  return keys;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}
