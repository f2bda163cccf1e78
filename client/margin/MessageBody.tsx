// A message as it reads: mentions as names, web addresses as links, line breaks kept.
import type { ReactNode } from 'react';
import { classes } from '../ui/classes.ts';
import { parseBody } from './mentions.ts';

const ADDRESS = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]»”’])/;

export function MessageBody({ body, clamp }: { body: string; clamp: boolean }) {
  let offset = 0;
  const parts: ReactNode[] = [];
  for (const part of parseBody(body)) {
    if ('mention' in part) {
      parts.push(
        <span key={offset} className="mention">
          @{part.mention}
        </span>,
      );
      offset += part.mention.length + part.personId.length;
      continue;
    }
    for (const piece of part.text.split(ADDRESS)) {
      parts.push(
        /^https?:\/\//.test(piece) ? (
          <a key={offset} href={piece} target="_blank" rel="noopener noreferrer">
            {piece}
          </a>
        ) : (
          piece
        ),
      );
      offset += piece.length;
    }
  }
  return <p className={classes('message-body', clamp && 'clamped')}>{parts}</p>;
}
