// What a snapshot is called.
import type { TFunction } from 'i18next';
import type { SnapshotInfo } from '../../shared/protocol/rest.ts';

export function snapshotName(snapshot: Pick<SnapshotInfo, 'kind' | 'name'>, t: TFunction): string {
  return snapshot.kind === 'named' && snapshot.name !== '' ? snapshot.name : t(`snapshots.kinds.${snapshot.kind}`);
}
