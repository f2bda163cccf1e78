// Names an annotation's kind with its sign and words: "Wording · Awkward · major".
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Annotation, AnnotationKind } from '../../shared/annotation/types.ts';
import { ClaimIcon, CommentIcon, WordingIcon } from '../ui/icons.tsx';

export function KindIcon({ kind, size }: { kind: AnnotationKind; size?: number }) {
  if (kind === 'comment') return <CommentIcon size={size} />;
  return kind === 'language' ? <WordingIcon size={size} /> : <ClaimIcon size={size} />;
}

/** The words alone, for labels and tooltips. */
export function describeKind(t: TFunction, annotation: Pick<Annotation, 'kind' | 'category' | 'severity'>): string {
  const parts: string[] = [t(`margin.kind.${annotation.kind}`)];
  if (annotation.category) parts.push(t(`margin.category.${annotation.category}`));
  if (annotation.severity && annotation.severity !== 'neutral') parts.push(t(`margin.severity.${annotation.severity}`));
  return parts.join(' · ');
}

export function KindLabel({ annotation, id }: { annotation: Annotation; id: string }) {
  const { t } = useTranslation();
  return (
    <h3 className="card-kind" id={id}>
      <KindIcon kind={annotation.kind} size={14} />
      <span>{describeKind(t, annotation)}</span>
    </h3>
  );
}
