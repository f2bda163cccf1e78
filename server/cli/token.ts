// `kopuro token …`: bearer tokens for programs. A token's secret is printed once, when it is made.
import type { TokenInfo } from '../../shared/protocol/rest.ts';
import { withLocalClient } from './local-client.ts';
import type { CliCommand } from './types.ts';

const tokensOf = (personId = '') => `/api/local/people/${encodeURIComponent(personId)}/tokens`;

export const tokenCreate: CliCommand = {
  help: 'tokenCreate',
  options: { name: { type: 'string' } },
  positionals: { least: 1, most: 1 },
  run: (terminal, { text, positionals, json }) =>
    withLocalClient(terminal, async (client) => {
      const made = await client.json<{ token: string; info: TokenInfo }>('POST', tokensOf(positionals[0]), {
        name: text.name ?? 'kopuro',
      });
      terminal.print(json ? JSON.stringify({ ...made.info, token: made.token }) : made.token);
      return 0;
    }),
};

export const tokenList: CliCommand = {
  help: 'tokenList',
  options: {},
  positionals: { least: 1, most: 1 },
  run: (terminal, { positionals, json }) =>
    withLocalClient(terminal, async (client) => {
      const { tokens } = await client.json<{ tokens: TokenInfo[] }>('GET', tokensOf(positionals[0]));
      if (json) terminal.print(JSON.stringify(tokens));
      else {
        for (const { id, name, createdAt } of tokens) {
          terminal.print([id, name, new Date(createdAt).toISOString()].join('\t'));
        }
      }
      return 0;
    }),
};

export const tokenRevoke: CliCommand = {
  help: 'tokenRevoke',
  options: {},
  positionals: { least: 2, most: 2 },
  run: (terminal, { positionals, json }) =>
    withLocalClient(terminal, async (client) => {
      const [personId, tokenId = ''] = positionals;
      const { revoked } = await client.json<{ revoked: boolean }>(
        'DELETE',
        `${tokensOf(personId)}/${encodeURIComponent(tokenId)}`,
      );
      if (json) terminal.print(JSON.stringify({ id: tokenId, revoked }));
      else if (!revoked) terminal.note(terminal.say('tokenUnknown'));
      return revoked ? 0 : 1;
    }),
};
