// A large newsroom, written straight into the tables by the database itself, in seconds: `articles` of them and `people`, each
// table that grows filled, words and marks as unevenly spread as in life.

export interface Size {
  articles: number;
  people: number;
}

/** One statement each, for a database whose tables are up to date. */
export function largeNewsroom(engine: 'sqlite' | 'postgres', { articles, people }: Size): string[] {
  const bytes = engine === 'sqlite' ? "x'0102'" : "'\\x0102'::bytea";
  const perArticle = (table: string, columns: string, values: string, where = '') =>
    `INSERT INTO ${table} (${columns}) SELECT ${values} FROM many_numbers WHERE n <= ${articles} ${where}`;
  const perPerson = (table: string, columns: string, values: string) =>
    `INSERT INTO ${table} (${columns}) SELECT ${values} FROM many_numbers WHERE n <= ${people}`;
  const term = (value: string, where = '') => perArticle('desk_terms', 'article_id, term', `'a' || n, ${value}`, where);
  const words = (state: string) =>
    `'"progress":[{"language":"ru","total":10,"draft":0,"translated":0,"reviewed":0,"stale":0,${state}}]'`;
  const summary = `'{"id":"a' || n || '","title":"Макала к' || (n % 997) || ' н' || n || '","sourceLanguage":"en",'
    || '"targetLanguages":["ru"' || CASE WHEN n % 3 = 0 THEN ',"ky"' ELSE '' END || '],"deadline":null,"createdAt":1,'
    || '"changedAt":' || n || ',"createdBy":{"id":"p' || (n % ${people} + 1) || '","name":"Айгүл"},'
    || CASE WHEN n % 10 = 0 THEN ${words('"missing":10,"final":0')} ELSE ${words('"missing":0,"final":10')} END
    || ',"open":{"language":0,"claim":0,"comment":0},"words":10,'
    || '"unverifiedClaims":' || CASE WHEN n % 20000 = 0 THEN 1 ELSE 0 END || '}'`;
  return [
    'CREATE TABLE many_numbers (n integer PRIMARY KEY)',
    `INSERT INTO many_numbers WITH RECURSIVE series (n) AS
      (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < ${Math.max(articles, people)}) SELECT n FROM series`,
    perPerson(
      'people',
      'id, name, role, languages, color, created_at',
      `'p' || n, 'Айгүл', CASE WHEN n % 500 = 0 THEN 'editor' ELSE 'translator' END, '["ru"]', '#123456', n`,
    ),
    perPerson('sessions', 'hash, person_id, created_at, expires_at', `'h' || n, 'p' || n, n, 1000000 + n`),
    perPerson('tokens', 'id, hash, person_id, name, created_at', `'t' || n, 'h' || n, 'p' || n, '', n`),
    perPerson('links', 'hash, person_id, created_at, expires_at', `'h' || n, 'p' || n, n, 1000000 + n`),
    perPerson(
      'invitations',
      'id, hash, role, languages, note, created_by, created_at, expires_at',
      `'i' || n, 'h' || n, 'reader', '[]', '', 'p1', n, 1000000 + n`,
    ),
    perArticle('articles', 'id, created_by, created_at, epoch, head', `'a' || n, 'p' || (n % ${people} + 1), n, 1, 1`),
    perArticle('summaries', 'article_id, changed_at, summary', `'a' || n, n, ${summary}`),
    term("':language=en'"),
    term("':language=ru'"),
    term("':language=ky'", 'AND n % 3 = 0'),
    term("':state=translating'", 'AND n % 10 = 0'),
    term("':state=done'", 'AND n % 10 <> 0'),
    term("':state=claims'", 'AND n % 20000 = 0'),
    term(`':maker=p' || (n % ${people} + 1)`),
    term("'макала'"),
    term("'айгүл'"),
    term("'к' || (n % 997)"),
    term("'н' || n"),
    perArticle('log_rows', 'article_id, seq, person_id, at, data, bytes', `'a' || n, 1, 'p1', n, ${bytes}, 2`),
    perArticle('log_states', 'article_id, seq, state, state_vector', `'a' || n, 1, ${bytes}, ${bytes}`),
    perArticle('log_history', 'article_id, from_seq, to_seq, data, checksum', `'a' || n, 1, 1, ${bytes}, 1`),
    perArticle('log_aside', 'article_id, aside_at, part, from_seq, to_seq, data', `'a' || n, 1, 'row', 1, 1, ${bytes}`),
    perArticle('client_ids', 'article_id, client_id, person_id', `'a' || n, n, 'p1'`),
    perArticle('commands', 'id, article_id, person_id, at, result', `'c' || n, 'a' || n, 'p1', n, '{}'`),
    perArticle(
      'snapshots',
      'id, article_id, kind, name, created_at, words, state',
      `'s' || n, 'a' || n, 'named', '', n, 1, ${bytes}`,
    ),
    perArticle(
      'standings',
      'article_id, person_id, role, languages',
      `'a' || n, 'p' || (n % ${people} + 1), 'reader', '[]'`,
    ),
    perArticle(
      'notifications',
      'id, person_id, article_id, at, body',
      `'n' || n, 'p' || (n % ${people} + 1), 'a' || n, n, '{}'`,
    ),
    'DROP TABLE many_numbers',
    'ANALYZE',
  ];
}
