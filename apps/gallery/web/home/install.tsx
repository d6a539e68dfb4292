import type { ReactElement } from 'react';

/** Commands by which an application gets Longwave until there is a release. */
export function Install(): ReactElement {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keyboard
    <pre className="install" role="group" aria-label="Install" tabIndex={0}>
      <code>
        <span className="code-comment"># not in the registry yet: in the repository</span>
        {'\nnpm run pack -- ../longwave-pack\n'}
        <span className="code-comment"># in your application</span>
        {'\nnpm install ../longwave-pack/longwave-0.1.0.tgz'}
      </code>
    </pre>
  );
}
