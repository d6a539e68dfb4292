import { useActionState } from 'react';
import { type Session, signIn } from './session.js';

export function SignIn({ onSignIn }: { readonly onSignIn: (session: Session) => void }) {
  const [problem, submit, isPending] = useActionState(async (_before: string, form: FormData) => {
    try {
      onSignIn(await signIn(String(form.get('name'))));
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  }, '');
  return (
    <form action={submit} className="sign-in">
      <h1>{document.title}</h1>
      <label>
        Your name <input name="name" required maxLength={40} autoComplete="nickname" autoFocus />
      </label>
      <button disabled={isPending}>Sign in</button>
      <p role="alert">{problem}</p>
    </form>
  );
}
