// Where the text comes from: typed or pasted (with its formatting, if the clipboard has it), or a file.
import { type ClipboardEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportFormat } from '../../shared/protocol/rest.ts';
import { Button } from '../ui/Button.tsx';
import { Field } from '../ui/Field.tsx';
import { UploadIcon } from '../ui/icons.tsx';

export interface SourceStepProps {
  pasted: string;
  onPasted: (text: string) => void;
  onText: (content: string, format?: ImportFormat) => void;
  onFile: (file: File) => void;
}

export function SourceStep({ pasted, onPasted, onText, onFile }: SourceStepProps) {
  const { t } = useTranslation();
  const fileInput = useRef<HTMLInputElement>(null);

  const paste = (event: ClipboardEvent) => {
    const file = event.clipboardData.files[0];
    const html = event.clipboardData.getData('text/html');
    if (pasted !== '') return; // adding to what is there: as plain text
    if (html !== '') {
      event.preventDefault();
      onPasted(event.clipboardData.getData('text/plain'));
      onText(html, 'html');
    } else if (file) {
      event.preventDefault();
      onFile(file);
    }
  };

  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (pasted.trim() !== '') onText(pasted);
      }}
    >
      <Field label={t('import.text')} hint={t('import.textHint')}>
        {(control) => (
          <textarea
            {...control}
            className="input source-text"
            rows={12}
            value={pasted}
            placeholder={t('import.placeholder')}
            onChange={(event) => onPasted(event.target.value)}
            onPaste={paste}
          />
        )}
      </Field>
      <div className="form-actions form-actions-spread">
        <Button icon={<UploadIcon />} onClick={() => fileInput.current?.click()}>
          {t('import.chooseFile')}
        </Button>
        <Button type="submit" variant="primary" disabled={pasted.trim() === ''}>
          {t('import.continue')}
        </Button>
      </div>
      <input
        ref={fileInput}
        type="file"
        hidden
        accept=".txt,.md,.markdown,.html,.htm,text/plain,text/markdown,text/html"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) onFile(file);
        }}
      />
    </form>
  );
}
