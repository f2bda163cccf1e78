// `kopuro export`: the text of an article in one language, on stdout or into a file.
import { writeFile } from 'node:fs/promises';
import type { ArticleSummary } from '../../shared/protocol/rest.ts';
import { withLocalClient } from './local-client.ts';
import type { CliCommand } from './types.ts';

export const exportText: CliCommand = {
  help: 'export',
  options: { language: { type: 'string' }, format: { type: 'string' }, output: { type: 'string', short: 'o' } },
  positionals: { least: 1, most: 1 },
  run: (terminal, { text, positionals, json }) =>
    withLocalClient(terminal, async (client) => {
      const id = encodeURIComponent(positionals[0] ?? '');
      const language =
        text.language ?? (await client.json<ArticleSummary>('GET', `/api/articles/${id}`)).sourceLanguage;
      const format = encodeURIComponent(text.format ?? 'txt');
      const content = await client.bytes(`/api/articles/${id}/texts/${encodeURIComponent(language)}?format=${format}`);
      if (text.output !== undefined) await writeFile(text.output, content);
      if (json) {
        const where = text.output === undefined ? { content: content.toString('utf8') } : { output: text.output };
        terminal.print(JSON.stringify({ id: positionals[0], language, format: text.format ?? 'txt', ...where }));
      } else if (text.output === undefined) terminal.stdout.write(content);
      return 0;
    }),
};
