// What `kopuro serve` prints when it is up.
import type { FirstLinks } from '../first-people.ts';
import type { Terminal } from './types.ts';

/** The banner as text, without a line end at its end. */
export function banner(terminal: Terminal, server: { url: string; links: FirstLinks }): string {
  const { say, config, language, messages } = terminal;
  const rows: [string, string][] = [
    [say('banner.address'), server.url],
    [say('banner.data'), config.dataFolder],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = ['', `  Köpürö ${config.version}`, ''];
  for (const [label, value] of rows) lines.push(`  ${label.padEnd(width)}  ${value}`);
  const { links } = server;
  if (links.kind !== 'none') {
    lines.push('', `  ${say(links.kind === 'sample' ? 'banner.samplePeople' : 'banner.firstEditor')}`, '');
    const names = links.people.map(({ name, role }) => `${name} · ${messages(language, `roles.${role}`)}`);
    const widest = Math.max(...names.map((name) => name.length));
    links.people.forEach(({ url }, index) => {
      lines.push(`  ${(names[index] ?? '').padEnd(widest)}  ${url}`);
    });
    lines.push('', `  ${say('banner.once')}`);
  }
  lines.push('');
  return lines.join('\n');
}
