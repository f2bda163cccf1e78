// `kopuro person …`: adding, listing and removing people, and making sign-in links for them.
import type { Person } from '../../shared/protocol/rest.ts';
import { withLocalClient } from './local-client.ts';
import { type CliCommand, UsageError } from './types.ts';

export const personAdd: CliCommand = {
  help: 'personAdd',
  options: { role: { type: 'string' }, languages: { type: 'string' } },
  positionals: { least: 1, most: 1 },
  run(terminal, { text, positionals, json }) {
    if (text.role === undefined) throw new UsageError(terminal.say('optionMissing', { option: '--role' }));
    const languages = (text.languages ?? '').split(',').map((tag) => tag.trim());
    return withLocalClient(terminal, async (client) => {
      const { person } = await client.json<{ person: Person }>('POST', '/api/people', {
        name: positionals[0],
        role: text.role,
        languages: languages.filter((tag) => tag !== ''),
      });
      terminal.print(json ? JSON.stringify(person) : person.id);
      return 0;
    });
  },
};

export const personList: CliCommand = {
  help: 'personList',
  options: {},
  positionals: { least: 0, most: 0 },
  run: (terminal, { json }) =>
    withLocalClient(terminal, async (client) => {
      const { people } = await client.json<{ people: Person[] }>('GET', '/api/people');
      const living = people.filter((person) => person.removedAt === null);
      if (json) terminal.print(JSON.stringify(living));
      else {
        for (const { id, name, role, languages } of living) {
          const roleName = terminal.messages(terminal.language, `roles.${role}`);
          terminal.print([id, name, roleName, languages.join(',')].join('\t'));
        }
      }
      return 0;
    }),
};

export const personRemove: CliCommand = {
  help: 'personRemove',
  options: {},
  positionals: { least: 1, most: 1 },
  run: (terminal, { positionals, json }) =>
    withLocalClient(terminal, async (client) => {
      await client.json('DELETE', `/api/people/${encodeURIComponent(positionals[0] ?? '')}`);
      if (json) terminal.print(JSON.stringify({ id: positionals[0], removed: true }));
      return 0;
    }),
};

export const personLink: CliCommand = {
  help: 'personLink',
  options: {},
  positionals: { least: 1, most: 1 },
  run: (terminal, { positionals, json }) =>
    withLocalClient(terminal, async (client) => {
      const link = await client.json<{ url: string; expiresAt: number }>(
        'POST',
        `/api/people/${encodeURIComponent(positionals[0] ?? '')}/sign-in-link`,
      );
      terminal.print(json ? JSON.stringify(link) : link.url);
      return 0;
    }),
};
