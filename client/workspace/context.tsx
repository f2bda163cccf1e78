// Gives the components of a workspace its state and its article's facts.
import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import type * as Y from 'yjs';
import { type ArticleMeta, readMeta } from '../../shared/article/meta.ts';
import { META_ROOT } from '../../shared/article/roots.ts';
import type { ReviewStatuses } from './review/statuses.ts';
import type { TextColumns } from './types.ts';
import type { Workspace } from './workspace.ts';

export interface WorkspaceValue {
  workspace: Workspace;
  statuses: ReviewStatuses;
  meta: ArticleMeta;
  /** One column and the margin as a sheet. */
  narrow: boolean;
}

const WorkspaceContext = createContext<WorkspaceValue | null>(null);

export function WorkspaceProvider({ value, children }: { value: WorkspaceValue; children: ReactNode }) {
  return <WorkspaceContext value={value}>{children}</WorkspaceContext>;
}

export function useWorkspace(): WorkspaceValue {
  const value = use(WorkspaceContext);
  if (!value) throw new Error('useWorkspace needs a WorkspaceProvider above it');
  return value;
}

/** The columns, for what stands beside them. */
export function useTextColumns(): TextColumns {
  return useWorkspace().workspace;
}

/** The article's facts; a new object whenever one of them changed. */
export function useMeta(doc: Y.Doc): ArticleMeta {
  const [meta, setMeta] = useState(() => readMeta(doc));
  useEffect(() => {
    const root = doc.getMap(META_ROOT);
    const read = () => setMeta(readMeta(doc));
    read();
    root.observe(read);
    return () => root.unobserve(read);
  }, [doc]);
  return meta;
}
