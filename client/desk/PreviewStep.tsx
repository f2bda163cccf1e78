// What was read, before it becomes an article: title, languages, deadline; what was cleaned; what may be a leftover.
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { blockText } from '../../shared/article/blocks.ts';
import type { ImportPreview } from '../../shared/protocol/rest.ts';
import type { NewArticle } from '../api/calls.ts';
import { OFFERED_LANGUAGES } from '../app/languages.ts';
import { useFormats, useLanguageLabel } from '../app/use-formats.ts';
import { Button } from '../ui/Button.tsx';
import { ProgressBar } from '../ui/display.tsx';
import { Field, TextField } from '../ui/Field.tsx';
import { Select } from '../ui/Select.tsx';
import { firstOmitted, firstTargets, guessLanguage } from './choice.ts';
import { PreviewBlocks } from './PreviewBlocks.tsx';
import { TargetLanguages } from './TargetLanguages.tsx';

export interface PreviewStepProps {
  preview: ImportPreview;
  creating: boolean;
  onCreate: (article: Omit<NewArticle, 'id' | 'content' | 'format'>) => void;
  onBack: () => void;
}

export function PreviewStep({ preview, creating, onCreate, onBack }: PreviewStepProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const languageName = useLanguageLabel();
  const [title, setTitle] = useState(preview.title);
  const [source, setSource] = useState<string>(() => guessLanguage(preview.blocks.map(blockText).join('\n')));
  const [targets, setTargets] = useState<readonly string[]>(() => firstTargets(source));
  const [deadline, setDeadline] = useState('');
  const [omitted, setOmitted] = useState(() => firstOmitted(preview.suspects));
  const kept = preview.blocks.length - omitted.size;

  const changeSource = (next: string) => {
    // The former source takes the place of the new one among the targets.
    setTargets(targets.map((language) => (language === next ? source : language)));
    setSource(next);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onCreate({
      title,
      sourceLanguage: source,
      targetLanguages: [...targets],
      omit: [...omitted].sort((a, b) => a - b),
      deadline: deadline === '' ? null : new Date(deadline).getTime(),
    });
  };

  return (
    <form className="form" onSubmit={submit}>
      <TextField
        label={t('import.headline')}
        value={title}
        onChange={setTitle}
        maxLength={300}
        lang={source}
        required
      />
      <div className="import-facts">
        <Select
          label={t('import.source')}
          value={source}
          onChange={changeSource}
          options={OFFERED_LANGUAGES.map((value) => ({ value, label: languageName(value) }))}
        />
        <Field
          label={t('import.deadline')}
          hint={deadline === '' ? undefined : formats.dateTime(new Date(deadline).getTime())}
        >
          {(control) => (
            <input
              {...control}
              className="input"
              type="datetime-local"
              value={deadline}
              onChange={(event) => setDeadline(event.target.value)}
            />
          )}
        </Field>
      </div>
      <TargetLanguages source={source} targets={targets} onChange={setTargets} />
      {preview.cleaned.length > 0 && (
        <section className="cleaned" aria-label={t('import.cleaned')}>
          <h3>{t('import.cleaned')}</h3>
          <ul>
            {preview.cleaned.map(({ code, count, detail }) => (
              <li key={code}>{t(`cleaning.${code}`, { count, detail })}</li>
            ))}
          </ul>
        </section>
      )}
      <PreviewBlocks preview={preview} language={source} omitted={omitted} onOmit={setOmitted} />
      {creating && <ProgressBar value={null} label={t('import.creating')} />}
      <div className="form-actions form-actions-spread form-actions-stay">
        <Button onClick={onBack}>{creating ? t('app.cancel') : t('import.back')}</Button>
        <span className="soft" role="status">
          {creating ? t('import.creating') : t('import.kept', { count: kept, formatted: formats.number(kept) })}
        </span>
        <Button type="submit" variant="primary" busy={creating} disabled={kept === 0}>
          {t('import.create')}
        </Button>
      </div>
    </form>
  );
}
