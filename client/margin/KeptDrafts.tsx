// Above the cards: notes that were begun and not sent, each with the way back to it.
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../ui/Button.tsx';
import { CloseIcon } from '../ui/icons.tsx';
import { useObservable } from '../ui/useObservable.ts';
import { useTextColumns } from '../workspace/context.tsx';
import { useMargin } from './context.tsx';
import { type KeptDraft, sameDraft } from './drafts.ts';
import { KindIcon } from './KindLabel.tsx';
import { findWordsAgain } from './target.ts';

export function KeptDrafts() {
  const { t } = useTranslation();
  const margin = useMargin();
  const columns = useTextColumns();
  const kept = useObservable(margin.drafts.kept);
  const open = useObservable(margin.draft);
  const closed = kept.filter((draft) => open === null || !sameDraft(draft, open));
  if (closed.length === 0) return null;

  const goOn = ({ kind, words }: KeptDraft) => {
    const doc = columns.view(words.language)?.state.doc;
    const placed = doc ? findWordsAgain(doc, words) : words;
    columns.scrollToBlock(words.language, words.startBlock);
    margin.activate(null);
    margin.draft.set({ kind, words: placed });
    margin.sheetOpen.set(true);
  };

  return (
    <ul className="kept-drafts" aria-label={t('margin.draft.title')}>
      {closed.map((draft) => (
        <li key={`${draft.kind} ${draft.words.language} ${draft.words.startBlock} ${draft.words.exact}`}>
          <KindIcon kind={draft.kind} size={14} />
          <span className="kept-draft-words">
            {t('margin.draft.unsent')} <q lang={draft.words.language}>{draft.words.exact}</q>
          </span>
          <Button size="s" variant="quiet" onClick={() => goOn(draft)}>
            {t('margin.draft.goOn')}
          </Button>
          <IconButton
            size="s"
            label={t('margin.draft.discard')}
            icon={<CloseIcon />}
            onClick={() => margin.drafts.drop(draft)}
          />
        </li>
      ))}
    </ul>
  );
}
