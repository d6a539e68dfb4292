interface Host {
  readonly navigator?: { readonly locks?: Pick<LockManager, 'request'> | undefined } | undefined;
}

/** Locks that all pages of an origin share (Web Locks). Undefined where the host has none, as in a page without TLS. */
export function hostLocks(host: Host = globalThis): Pick<LockManager, 'request'> | undefined {
  return host.navigator?.locks;
}
