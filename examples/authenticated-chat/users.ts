import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, Buffer>(scrypt);

export interface User {
  readonly name: string;
  readonly rooms: readonly string[];
}

interface Account extends User {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

async function createAccount(name: string, password: string, rooms: readonly string[]): Promise<Account> {
  const salt = randomBytes(16);
  return { name, rooms, salt, hash: await derive(password, salt, 32) };
}

// An application has them in its database.
const accounts = new Map<string, Account>();
for (const account of await Promise.all([
  createAccount('ada', 'analytical', ['lobby', 'staff']),
  createAccount('grace', 'compiler', ['lobby']),
])) {
  accounts.set(account.name, account);
}
const nobody = await createAccount('', randomBytes(16).toString('hex'), []);

/** The user with this name and password. It takes as long for a name that nobody has. */
export async function findUser(name: string, password: string): Promise<User | undefined> {
  const account = accounts.get(name) ?? nobody;
  const isRight = timingSafeEqual(await derive(password, account.salt, 32), account.hash);
  return isRight && account !== nobody ? account : undefined;
}
