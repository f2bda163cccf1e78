// Says why a text cannot be edited, for a moment, where somebody tried.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguageName } from '../../app/use-formats.ts';
import { useObservable } from '../../ui/useObservable.ts';
import { useWorkspace } from '../context.tsx';

const SHOWN_MS = 6_000;

export function ReadOnlyReason({ language, onEnd }: { language: string; onEnd(): void }) {
  const { t } = useTranslation();
  const name = useLanguageName();
  const { session } = useWorkspace().workspace;
  const standing = useObservable(session.standing);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the time runs from the click
  useEffect(() => {
    const timer = setTimeout(onEnd, SHOWN_MS);
    return () => clearTimeout(timer);
  }, []);
  const mayByRole =
    standing.role === 'editor' || (standing.role === 'translator' && standing.languages.includes(language));
  const reason = mayByRole ? 'moment' : standing.role === 'translator' ? 'language' : 'role';
  return (
    <p className="ws-read-only-reason" role="status">
      {t(`workspace.readOnly.${reason}`, { role: t(`roles.${standing.role}`), language: name(language) })}
    </p>
  );
}
