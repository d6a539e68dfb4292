import { LongwaveError } from 'longwave/client';
import type { VersionDifference, VersionInfo } from '../../shared/write-versions.js';
import { type Store, createStore } from '../lib/store.js';
import type { GalleryClient } from '../session/session.js';

interface VersionsState {
  /** The newest first. Undefined: not known yet. */
  readonly list: readonly VersionInfo[] | undefined;
  /** The version that is compared with the document. */
  readonly shown: VersionInfo | undefined;
  readonly difference: VersionDifference | undefined;
  /** Why the last call failed. */
  readonly problem: string | undefined;
}

/** The versions of a document, as the server keeps them. */
export interface Versions {
  readonly store: Store<VersionsState>;
  load(): Promise<void>;
  /** Resolves with whether it was stored. */
  save(name: string): Promise<boolean>;
  /** Compares a version with the document as it is now, or stops. */
  show(version: VersionInfo | undefined): Promise<void>;
  restore(version: VersionInfo): Promise<void>;
}

export function createVersions(client: GalleryClient, id: string): Versions {
  const store = createStore<VersionsState>({
    list: undefined,
    shown: undefined,
    difference: undefined,
    problem: undefined,
  });
  const update = (patch: Partial<VersionsState>): void => store.set((before) => ({ ...before, ...patch }));
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      const result = await work();
      update({ problem: undefined });
      return result;
    } catch (error) {
      update({ problem: error instanceof LongwaveError ? error.message : String(error) });
      return undefined;
    }
  };
  const load = async (): Promise<void> => {
    const list = await attempt(() => client.call('write/versions', { id }));
    if (list) update({ list });
  };

  return {
    store,
    load,
    save: async (name) => {
      const saved = await attempt(() => client.call('write/save-version', { id, name }));
      if (saved) await load();
      return saved !== undefined;
    },
    show: async (shown) => {
      update({ shown, difference: undefined });
      if (!shown) return;
      const difference = await attempt(() => client.call('write/compare', { id, version: shown.id }));
      // Another one may have been chosen meanwhile.
      if (store.get().shown === shown) update(difference ? { difference } : { shown: undefined });
    },
    restore: async (version) => {
      const isDone = await attempt(() => client.call('write/restore', { id, version: version.id }));
      if (isDone === undefined) return;
      update({ shown: undefined, difference: undefined });
      await load();
    },
  };
}
