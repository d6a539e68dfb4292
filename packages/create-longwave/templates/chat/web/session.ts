/** The user who is signed in, and the token that says so. */
export interface Session {
  readonly user: string;
  readonly token: string;
}

const key = 'session';

export function loadSession(): Session | undefined {
  const text = sessionStorage.getItem(key);
  return text === null ? undefined : (JSON.parse(text) as Session);
}

export function forgetSession(): void {
  sessionStorage.removeItem(key);
}

/** Throws an error with a message to show. */
export async function signIn(name: string): Promise<Session> {
  const response = await fetch('/api/sign-in', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  const answer = (await response.json()) as Session & { readonly error?: string };
  if (!response.ok) throw new Error(answer.error);
  sessionStorage.setItem(key, JSON.stringify(answer));
  return answer;
}
