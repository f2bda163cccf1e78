// A new article: paste a text or choose a file, look over what was read, choose languages, create.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { errorText } from '../app/error-text.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { ProgressBar } from '../ui/display.tsx';
import { WarningIcon } from '../ui/icons.tsx';
import { PreviewStep } from './PreviewStep.tsx';
import { SourceStep } from './SourceStep.tsx';
import { useNewArticle } from './use-new-article.ts';

export default function NewArticleDialog({ file, onClose }: { file: File | null; onClose: () => void }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const [pasted, setPasted] = useState('');
  const { step, error, readText, readFile, create, back } = useNewArticle((id) => navigate(`/articles/${id}`));

  // The file that opened the dialog is read once, also where React mounts twice.
  const given = useRef<File | null>(null);
  useEffect(() => {
    if (!file || given.current === file) return;
    given.current = file;
    readFile(file);
  }, [file, readFile]);

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="l"
      keepOpen
      title={step.name === 'source' || step.name === 'reading' ? t('import.title') : t('import.previewTitle')}
    >
      {error !== null && (
        <p className="notice notice-danger" role="alert">
          <WarningIcon />
          {errorText(error, t)}
        </p>
      )}
      {step.name === 'source' && (
        <SourceStep pasted={pasted} onPasted={setPasted} onText={readText} onFile={readFile} />
      )}
      {step.name === 'reading' && (
        <div className="working">
          <p role="status">{step.share === null ? t('import.reading') : t('import.sending')}</p>
          <ProgressBar value={step.share} label={t('import.reading')} />
          <Button onClick={back}>{t('app.cancel')}</Button>
        </div>
      )}
      {(step.name === 'preview' || step.name === 'creating') && (
        <PreviewStep preview={step.preview} creating={step.name === 'creating'} onCreate={create} onBack={back} />
      )}
    </Dialog>
  );
}
