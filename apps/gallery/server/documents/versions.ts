import { LongwaveError, type Server, call } from 'longwave';
import { type DocumentVersion, type DocumentVersions, documents } from 'longwave/yjs/server';
import type { GalleryChannels } from '../../shared/channels.js';
import { textField } from '../../shared/documents.js';
import {
  SaveRequest,
  type VersionInfo,
  VersionRequest,
  VersionsRequest,
  type WriteCalls,
} from '../../shared/write-versions.js';
import { shortenDifference } from './difference.js';

/** Versions of documents for visitors: everybody reads and compares them, who has a name makes and restores them. */
export function createVersionCalls(server: () => Server<GalleryChannels>): WriteCalls {
  const of = (id: string): DocumentVersions => documents(server()).versions(`write/${id}`);
  return {
    'write/versions': call(VersionsRequest, async ({ id }) => (await of(id).list()).map(tell).toReversed()),
    'write/save-version': call(SaveRequest, async ({ id, name }, { user }) =>
      tell(await of(id).save({ name, user: demandName(user) })),
    ),
    'write/compare': call(VersionRequest, async ({ id, version }) => {
      const root = (await of(id).compare(version, 'now'))[textField];
      return shortenDifference(
        root?.kind === 'text'
          ? root.parts.map(({ change, text, user }) => ({ change, text, ...(user !== undefined && { user }) }))
          : [],
      );
    }),
    'write/restore': call(VersionRequest, ({ id, version }, { user }) =>
      of(id).restore(version, { user: demandName(user) }),
    ),
  };
}

function demandName(user: string | undefined): string {
  if (user === undefined) throw new LongwaveError('unauthenticated', 'Choose a name first.');
  return user;
}

function tell({ id, name, user, time }: DocumentVersion): VersionInfo {
  return { id, time, ...(name !== undefined && { name }), ...(user !== undefined && { user }) };
}
