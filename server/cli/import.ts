// `kopuro import`: a file becomes an article. Prints the article's id on stdout; what was cleaned goes to stderr.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { blockText } from '../../shared/article/blocks.ts';
import type { ImportPreview } from '../../shared/protocol/rest.ts';
import { withLocalClient } from './local-client.ts';
import { type CliCommand, type Terminal, UsageError } from './types.ts';

export const importFile: CliCommand = {
  help: 'import',
  options: {
    source: { type: 'string' },
    targets: { type: 'string' },
    title: { type: 'string' },
    format: { type: 'string' },
    'drop-leftovers': { type: 'boolean' },
  },
  positionals: { least: 1, most: 1 },
  async run(terminal, { text, flags, positionals, json }) {
    const file = positionals[0] ?? '';
    const bytes = await readInput(terminal, file);
    const targets = (text.targets ?? 'ru,ky').split(',').filter((tag) => tag.trim() !== '');
    return withLocalClient(terminal, async (client) => {
      const preview = await client.upload<ImportPreview>(
        '/api/import/preview',
        { name: file === '-' ? '' : path.basename(file), bytes },
        text.format ? { format: text.format } : {},
      );
      const { id } = await client.json<{ id: string }>('POST', '/api/articles', {
        title: text.title ?? preview.title,
        sourceLanguage: text.source ?? 'en',
        targetLanguages: targets.map((tag) => tag.trim()),
        format: preview.format,
        content: preview.content,
        ...(flags['drop-leftovers'] ? { omit: preview.suspects.map(({ index }) => index) } : {}),
      });
      if (json) terminal.print(JSON.stringify({ id, cleaned: preview.cleaned, suspects: preview.suspects }));
      else {
        terminal.print(id);
        tellOfLeftovers(terminal, preview, flags['drop-leftovers'] === true);
      }
      return 0;
    });
  },
};

async function readInput(terminal: Terminal, file: string): Promise<Buffer> {
  if (file === '-') {
    const chunks: Buffer[] = [];
    for await (const chunk of terminal.stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  }
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(terminal.say('cannotRead', { file, reason: (error as NodeJS.ErrnoException).code }));
  }
}

function tellOfLeftovers(terminal: Terminal, preview: ImportPreview, dropped: boolean): void {
  for (const { index } of preview.suspects) {
    const block = preview.blocks[index];
    if (!block) continue;
    const words = blockText(block).slice(0, 60);
    terminal.note(terminal.say(dropped ? 'leftoverDropped' : 'leftoverKept', { words }));
  }
}
