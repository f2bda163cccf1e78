// Below the board: how many articles there are beside those shown, and the way to the next ones.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../app/error-text.ts';
import { useFormats } from '../app/use-formats.ts';
import { Button } from '../ui/Button.tsx';

export interface MoreArticlesProps {
  shown: number;
  /** Of all pages; null if it is not known. */
  total: number | null;
  hasMore: boolean;
  busy: boolean;
  /** Of the last page that was asked for. */
  error: unknown;
  onMore: () => void;
}

export function MoreArticles({ shown, total, hasMore, busy, error, onMore }: MoreArticlesProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  /** How many there were when more were asked for. */
  const asked = useRef<number | null>(null);
  // Whoever goes by keys goes on at the first article that came; a button that is gone would leave them nowhere.
  useEffect(() => {
    if (busy || asked.current === null || shown <= asked.current) return;
    document.querySelectorAll<HTMLElement>('.board a.headline, .cards a.headline')[asked.current]?.focus();
    asked.current = null;
  }, [busy, shown]);

  return (
    <div className="more-articles">
      <p>
        {total === null
          ? t('desk.shownAndMore', { shown: formats.number(shown) })
          : t('desk.shownOf', { shown: formats.number(shown), total: formats.number(total) })}
      </p>
      {hasMore && (
        <Button
          busy={busy}
          onClick={() => {
            asked.current = shown;
            onMore();
          }}
        >
          {t('desk.showMore')}
        </Button>
      )}
      {error !== null && <p role="alert">{errorText(error, t)}</p>}
    </div>
  );
}
