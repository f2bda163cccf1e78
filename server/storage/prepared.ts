// Queries that are asked often: built and compiled once, by either engine's own rules; each asking only puts its values in.
import type { Compilable, CompiledQuery, Kysely, RawBuilder } from 'kysely';
import type { Database } from './schema.ts';

/** Where a value goes. */
class Place {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/**
 * `build` is called once, at the first asking, with places in the stead of values: it must hand them to the query and look at
 * none of them. Answers with what makes the query of given values.
 */
export function prepare<Values extends Record<string, string | number>, Row>(
  build: (values: Values) => Compilable<Row>,
): (values: Values) => Compilable<Row> {
  let compiled: CompiledQuery<Row> | null = null;
  return (values) => {
    compiled ??= build(places<Values>()).compile();
    const parameters = compiled.parameters.map((given) => (given instanceof Place ? values[given.name] : given));
    const query = { ...compiled, parameters };
    return { compile: () => query };
  };
}

function places<Values>(): Values {
  return new Proxy({}, { get: (_none, name) => new Place(String(name)) }) as Values;
}

/** A statement that was written in SQL, as one that was built. */
export function compilable<Row>(database: Kysely<never> | Database, statement: RawBuilder<Row>): Compilable<Row> {
  return { compile: () => statement.compile(database as Database) };
}

/** The rows of a query that is ready. */
export async function ask<Row>(database: Database, query: Compilable<Row>): Promise<Row[]> {
  return (await database.executeQuery(query.compile())).rows;
}
