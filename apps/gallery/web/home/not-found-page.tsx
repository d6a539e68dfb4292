import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { useTitle } from '../shell/use-title.js';

export function NotFoundPage(): ReactElement {
  useTitle('Not found');
  return (
    <div className="prose">
      <h1>There is no such page</h1>
      <p>
        <Link href="/">Go to the start page</Link>
      </p>
    </div>
  );
}
