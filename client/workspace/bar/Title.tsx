// The article's title: words to read, and for those who manage articles a field on a click.
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { may } from '../../../shared/access/roles.ts';
import { useObservable } from '../../ui/useObservable.ts';
import { useWorkspace } from '../context.tsx';

const LONGEST = 300;

export function Title() {
  const { t } = useTranslation();
  const { workspace, meta } = useWorkspace();
  const { session } = workspace;
  const standing = useObservable(session.standing);
  const [draft, setDraft] = useState<string | null>(null);
  const given = useRef(false);
  const shown = meta.title.trim() === '' ? t('workspace.untitled') : meta.title;

  function finish(save: boolean): void {
    if (given.current) return;
    given.current = true;
    const title = draft?.trim() ?? '';
    setDraft(null);
    if (save && title !== '' && title !== meta.title)
      session.send('article.change', { title }).catch(workspace.onError);
  }

  if (draft !== null) {
    return (
      <input
        className="ws-title ws-title-field"
        lang={meta.sourceLanguage}
        aria-label={t('workspace.title')}
        value={draft}
        maxLength={LONGEST}
        // biome-ignore lint/a11y/noAutofocus: the field takes the place of the words that were clicked
        autoFocus
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => finish(true)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') finish(true);
          if (event.key === 'Escape') finish(false);
        }}
      />
    );
  }
  if (!may(standing, 'manageArticle')) {
    return (
      <h1 className="ws-title" lang={meta.sourceLanguage} title={shown}>
        {shown}
      </h1>
    );
  }
  return (
    <h1 className="ws-title" lang={meta.sourceLanguage}>
      <button
        type="button"
        className="ws-title-button"
        title={t('workspace.rename')}
        onClick={() => {
          given.current = false;
          setDraft(meta.title);
        }}
      >
        {shown}
      </button>
    </h1>
  );
}
