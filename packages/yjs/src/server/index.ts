export type { AddComment, DeleteComment, Reply, ResolveThread } from './comments/comment-inputs.js';
export {
  type Comment,
  type CommentCalls,
  type CommentContext,
  type CommentThread,
  type Comments,
  type CommentsOptions,
  comments,
} from './comments/comments.js';
export type { DocumentServer } from './documents/document-server.js';
export { type ServerDocuments, documents } from './documents.js';
export type { EditOptions } from './documents/edit-document.js';
export type { ChangeTiming, DocumentChange } from './documents/watch-document.js';
export type { KeyChange, ListPart, MarkChange, RootDifference, TextPart } from './versions/compare.js';
export type { DocumentVersions } from './versions/versions.js';
export { documentTools } from './tools.js';
export { type VersionOptions, type YjsOptions, yjs } from './yjs.js';
export type { DocumentVersion } from '@longwave/core';
