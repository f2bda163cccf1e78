// The steps from a text or a file to an article: read, look it over, create. Long work tells how far it is and can be
// stopped; a failure brings back the step before with everything that was entered.
import { useCallback, useEffect, useRef, useState } from 'react';
import { randomId } from '../../shared/article/ids.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import { type ImportFormat, type ImportPreview, MAX_IMPORT_BYTES } from '../../shared/protocol/rest.ts';
import { api, type NewArticle } from '../api/calls.ts';

export type Step =
  | { name: 'source' }
  /** `share`: how much of the file is sent; null while the server reads it. */
  | { name: 'reading'; share: number | null }
  | { name: 'preview'; preview: ImportPreview }
  | { name: 'creating'; preview: ImportPreview };

export interface NewArticleSteps {
  step: Step;
  error: unknown;
  readText(content: string, format?: ImportFormat): void;
  readFile(file: File): void;
  create(article: Omit<NewArticle, 'id' | 'content' | 'format'>): void;
  /** Stops what is under way, or goes one step back. */
  back(): void;
}

export function useNewArticle(onCreated: (id: string) => void): NewArticleSteps {
  const [step, setStep] = useState<Step>({ name: 'source' });
  const [error, setError] = useState<unknown>(null);
  const running = useRef<AbortController | null>(null);
  // The same id as long as the same is asked for: an article that was created although its answer was lost is not created
  // twice. What was stopped, or changed since, is another article.
  const asked = useRef<{ what: string; id: string } | null>(null);

  useEffect(() => () => running.current?.abort(), []);

  const run = useCallback(async (before: Step, during: Step, work: (signal: AbortSignal) => Promise<Step | null>) => {
    const controller = new AbortController();
    running.current?.abort();
    running.current = controller;
    setError(null);
    setStep(during);
    try {
      const next = await work(controller.signal);
      if (next && !controller.signal.aborted) setStep(next);
    } catch (failure) {
      if (controller.signal.aborted) return; // stopped by the person, who is a step back already
      setError(failure);
      setStep(before);
    }
  }, []);

  const readText = useCallback(
    (content: string, format?: ImportFormat) => {
      void run({ name: 'source' }, { name: 'reading', share: null }, async (signal) => ({
        name: 'preview',
        preview: await api.previewText(content, format, signal),
      }));
    },
    [run],
  );

  const readFile = useCallback(
    (file: File) => {
      void run({ name: 'source' }, { name: 'reading', share: 0 }, async (signal) => {
        if (file.size > MAX_IMPORT_BYTES) throw new KopuroError('file-too-large');
        const onProgress = (share: number) =>
          !signal.aborted && setStep({ name: 'reading', share: share < 1 ? share : null });
        return { name: 'preview', preview: await api.previewFile(file, { signal, onProgress }) };
      });
    },
    [run],
  );

  const create = (article: Omit<NewArticle, 'id' | 'content' | 'format'>) => {
    if (step.name !== 'preview') return;
    const { preview } = step;
    void run({ name: 'preview', preview }, { name: 'creating', preview }, async (signal) => {
      const wanted = { ...article, content: preview.content, format: preview.format };
      const what = JSON.stringify(wanted);
      if (asked.current?.what !== what) asked.current = { what, id: randomId() };
      const created = await api.createArticle({ ...wanted, id: asked.current.id }, signal);
      if (!signal.aborted) onCreated(created.id);
      return null;
    });
  };

  const back = () => {
    running.current?.abort();
    if (step.name === 'creating') asked.current = null;
    setError(null);
    setStep(step.name === 'creating' ? { name: 'preview', preview: step.preview } : { name: 'source' });
  };

  return { step, error, readText, readFile, create, back };
}
