// The word difference of a suggestion: old words struck, new ones underlined, both told to screen readers as such.
import { useMemo } from 'react';
import { wordDifference } from './words.ts';

export function Difference({ before, after, language }: { before: string; after: string; language: string }) {
  const changes = useMemo(() => wordDifference(before, after, language), [before, after, language]);
  let offset = 0;
  return (
    <p className="difference" lang={language}>
      {changes.map(({ kind, text }) => {
        const key = `${kind}${offset}`;
        offset += text.length;
        if (kind === 'removed') return <del key={key}>{text}</del>;
        if (kind === 'added') return <ins key={key}>{text}</ins>;
        return <span key={key}>{text}</span>;
      })}
    </p>
  );
}
