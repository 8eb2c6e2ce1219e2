import {
  type ActivityQuery,
  sortableTime,
  statesOf,
  targetFields,
  textFields,
} from "../../shared/activity/query.ts";
import type { SqlValue } from "./database.ts";

interface Condition {
  sql: string;
  values: SqlValue[];
}

/** A query as a condition over `activities`; `1` for an empty one. */
export function activityCondition(query: ActivityQuery & { before?: string | undefined }): Condition {
  const conditions: Condition[] = [];
  const where = (sql: string, ...values: (SqlValue | undefined)[]): void => {
    if (values.every((value) => value !== undefined)) conditions.push({ sql, values: values as SqlValue[] });
  };
  const states = statesOf(query);
  where("connection_id = ?", query.connectionId);
  if (states.length > 0) where(`state IN (${states.map(() => "?").join(", ")})`, ...states);
  where("batch = ?", query.batch);
  where("first_sequence < (SELECT first_sequence FROM activities WHERE id = ?)", query.before);
  where(`${field("operation")} = ?`, query.operation);
  where(`${field("startedAt")} >= ?`, query.from && sortableTime(query.from));
  where(`${field("startedAt")} < ?`, query.to && sortableTime(query.to));
  if (query.target) conditions.push(hasPart(targetFields, query.target));
  if (query.text) conditions.push(hasPart(textFields, query.text));
  return {
    sql: conditions.map(({ sql }) => sql).join(" AND ") || "1",
    values: conditions.flatMap(({ values }) => values),
  };
}

function field(path: string): string {
  return `json_extract(searched, '$.${path}')`;
}

function hasPart(paths: readonly string[], part: string): Condition {
  const pattern = `%${part.replace(/[\\%_]/g, "\\$&")}%`;
  const tests = paths.map((path) => `${field(path)} LIKE ? ESCAPE '\\'`);
  return { sql: `(${tests.join(" OR ")})`, values: paths.map(() => pattern) };
}
