// One annotation in the margin. While it is not active it is brief; active, it shows everything and what one may do.
import { type FocusEvent, type MouseEvent, memo, type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MQM_CATEGORIES, type MqmCategory, SEVERITIES, type Severity } from '../../shared/annotation/types.ts';
import { useArticle } from '../article/ArticleProvider.tsx';
import { IconButton } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { ConfirmDialog } from '../ui/Dialog.tsx';
import { Badge } from '../ui/display.tsx';
import { ArrowLeftIcon, CheckIcon, MoreIcon, PencilIcon, TrashIcon, UndoIcon } from '../ui/icons.tsx';
import { Menu, MenuItem, MenuSeparator } from '../ui/Menu.tsx';
import { Select } from '../ui/Select.tsx';
import { useObservable } from '../ui/useObservable.ts';
import { useTextColumns } from '../workspace/context.tsx';
import { AnchorNotice } from './AnchorNotice.tsx';
import { CardForm } from './CardForm.tsx';
import { ClaimPart } from './ClaimPart.tsx';
import { useMargin } from './context.tsx';
import { CardFailures } from './FailureNotice.tsx';
import { KindLabel } from './KindLabel.tsx';
import { type CardRights, cardRights } from './permissions.ts';
import { SuggestionPart } from './SuggestionPart.tsx';
import { ReplyField, Thread } from './Thread.tsx';
import type { AnnotationItem } from './types.ts';
import { When } from './When.tsx';

interface CardProps {
  item: AnnotationItem;
  active: boolean;
  /** The article has several languages: the card says which one it is about. */
  showLanguage: boolean;
  ref?: Ref<HTMLElement>;
}

export const Card = memo(function Card({ item, active, showLanguage, ref }: CardProps) {
  const { t } = useTranslation();
  const session = useArticle();
  const margin = useMargin();
  const standing = useObservable(session.standing);
  const [changing, setChanging] = useState(false);
  const { annotation, unsent } = item;
  const rights = cardRights(standing, annotation, session.person.id);
  const resolved = annotation.status === 'resolved';
  const titleId = `card-${annotation.id}`;

  const activate = (event: MouseEvent | FocusEvent) => {
    if (active || (event.target as Element).closest('a')) return;
    margin.activate(annotation.id);
  };

  return (
    <article
      ref={ref}
      className={classes('card', `card-${annotation.kind}`, active && 'card-active', resolved && 'card-resolved')}
      data-card={annotation.id}
      aria-labelledby={titleId}
      aria-current={active || undefined}
      tabIndex={-1}
      onClick={activate}
      onKeyDown={undefined}
      // With a pointer the click decides, or the card would move away under it; with the keyboard the focus does.
      onFocus={(event) => event.target.matches(':focus-visible') && activate(event)}
    >
      <header className="card-head">
        <KindLabel annotation={annotation} id={titleId} />
        {showLanguage && <LanguageTag language={annotation.language} />}
        {unsent && <Badge>{t('margin.waiting')}</Badge>}
        {!unsent && <CardMenu item={item} rights={rights} active={active} onChange={() => setChanging(true)} />}
      </header>
      {changing && <CategoryForm item={item} onDone={() => setChanging(false)} />}
      <AnchorNotice item={item} allowed={rights.reattach && !unsent} />
      {annotation.kind === 'comment' && annotation.anchorState === 'attached' && (
        <blockquote className={classes('card-quote', !active && 'clamped-one')} lang={annotation.language}>
          {annotation.anchor.exact}
        </blockquote>
      )}
      {annotation.kind === 'language' && <SuggestionPart item={item} rights={rights} active={active} />}
      {annotation.claim && <ClaimPart item={item} claim={annotation.claim} rights={rights} active={active} />}
      <Thread item={item} active={active} />
      {resolved && annotation.resolvedBy && (
        <p className="resolved-by soft">
          <CheckIcon size={12} />
          {t('margin.resolvedBy', { name: annotation.resolvedBy.name })}
          {annotation.resolvedAt !== null && (
            <>
              {' · '}
              <When at={annotation.resolvedAt} />
            </>
          )}
        </p>
      )}
      <CardFailures annotationId={annotation.id} />
      {active && !unsent && rights.reply && !resolved && <ReplyField annotationId={annotation.id} />}
    </article>
  );
});

function LanguageTag({ language }: { language: string }) {
  return <span className="card-tag">{language.toUpperCase()}</span>;
}

interface CardMenuProps {
  item: AnnotationItem;
  rights: CardRights;
  active: boolean;
  onChange(): void;
}

function CardMenu({ item, rights, active, onChange }: CardMenuProps) {
  const { t } = useTranslation();
  const margin = useMargin();
  const columns = useTextColumns();
  const [removing, setRemoving] = useState(false);
  const { id, status, kind, anchorState } = item.annotation;
  const annotationId = id;
  const resolve = () => void margin.send('annotation.resolve', { annotationId });
  const reopen = () => void margin.send('annotation.reopen', { annotationId });

  return (
    <div className="card-tools">
      {rights.resolve && status === 'open' && (
        <IconButton
          size="s"
          label={t('margin.resolve')}
          shortcut={active ? 'E' : undefined}
          icon={<CheckIcon />}
          onClick={resolve}
        />
      )}
      {rights.resolve && status === 'resolved' && (
        <IconButton size="s" label={t('margin.reopen')} icon={<UndoIcon />} onClick={reopen} />
      )}
      <Menu trigger={<IconButton size="s" label={t('margin.cardMenu')} icon={<MoreIcon />} />}>
        {anchorState !== 'orphan' && (
          <MenuItem icon={<ArrowLeftIcon />} onSelect={() => columns.reveal(id)}>
            {t('margin.showInText')}
          </MenuItem>
        )}
        {kind === 'language' && rights.changeCategory && (
          <MenuItem icon={<PencilIcon />} onSelect={onChange}>
            {t('margin.changeCategory')}
          </MenuItem>
        )}
        {rights.remove && (
          <>
            <MenuSeparator />
            <MenuItem icon={<TrashIcon />} danger onSelect={() => setRemoving(true)}>
              {t('margin.delete')}
            </MenuItem>
          </>
        )}
      </Menu>
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={t('margin.deleteTitle')}
        description={t('margin.deleteWarning')}
        confirmLabel={t('margin.delete')}
        danger
        onConfirm={() => {
          void margin.send('annotation.delete', { annotationId });
          return undefined;
        }}
      />
    </div>
  );
}

function CategoryForm({ item, onDone }: { item: AnnotationItem; onDone(): void }) {
  const { t } = useTranslation();
  const margin = useMargin();
  const { annotation } = item;
  const [category, setCategory] = useState<MqmCategory>(annotation.category ?? 'awkward');
  const [severity, setSeverity] = useState<Severity>(annotation.severity ?? 'minor');
  return (
    <CardForm
      label={t('margin.changeCategory')}
      ready
      sendLabel={t('margin.save')}
      onSend={() => {
        void margin.send('annotation.change', { annotationId: annotation.id, category, severity });
        onDone();
      }}
      onCancel={onDone}
    >
      <CategorySelects category={category} severity={severity} onCategory={setCategory} onSeverity={setSeverity} />
    </CardForm>
  );
}

export function CategorySelects({
  category,
  severity,
  onCategory,
  onSeverity,
}: {
  category: MqmCategory;
  severity: Severity;
  onCategory(category: MqmCategory): void;
  onSeverity(severity: Severity): void;
}) {
  const { t } = useTranslation();
  return (
    <div className="category-selects">
      <Select
        label={t('margin.categoryLabel')}
        value={category}
        onChange={onCategory}
        options={MQM_CATEGORIES.map((value) => ({ value, label: t(`margin.category.${value}`) }))}
      />
      <Select
        label={t('margin.severityLabel')}
        value={severity}
        onChange={onSeverity}
        options={SEVERITIES.map((value) => ({ value, label: t(`margin.severity.${value}`) }))}
      />
    </div>
  );
}
