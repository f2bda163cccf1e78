// Names of exported files.
import { describe, expect, it } from 'vitest';
import { fileNameOf, textContent } from '../../server/http/text-content.ts';

describe('names of exported files', () => {
  it('say the article, the language and the format', () => {
    expect(textContent([], 'md', { language: 'ky', title: 'Көпүрө' }).fileName).toBe('Көпүрө.ky.md');
  });

  it('hold nothing that a system forbids', () => {
    expect(fileNameOf('..\\/etc: "a"?\u0000\u202e <b>|')).toBe('etc a b');
    expect(fileNameOf(' ... ')).toBe('article');
    expect([...fileNameOf('ж'.repeat(300))]).toHaveLength(80);
  });
});
