// DuckDB's half of the bench: runs one of the SQL files beside this one in a
// process of its own and prints the seconds that DuckDB itself took, without
// the start of node.
//
//   node duckdb.mjs load DATABASE polls=FILE hours=FILE timezones=FILE
//   node duckdb.mjs report DATABASE out=FILE
//   node duckdb.mjs nothing DATABASE          (what the process costs by itself)
import { readFileSync, rmSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";

const THREADS = "2";
const [task, database, ...variables] = process.argv.slice(2);

function statements(name) {
  const text = readFileSync(new URL(`${name}.sql`, import.meta.url), "utf8");
  return text.split(/;\s*\n/).filter((statement) => statement.trim() !== "");
}

async function main() {
  const options = { threads: THREADS, storage_compatibility_version: "latest" };
  if (task === "load") {
    rmSync(database, { force: true });
    rmSync(`${database}.wal`, { force: true });
  }
  if (task === "report") options.access_mode = "READ_ONLY";
  const sql = task === "nothing" ? [] : statements(task);
  const start = performance.now();
  const instance = await DuckDBInstance.create(database, options);
  const connection = await instance.connect();
  await connection.run("set timezone = 'UTC'");
  await connection.run("set preserve_insertion_order = false");
  for (const variable of variables) {
    const [name, ...value] = variable.split("=");
    const quoted = value.join("=").replaceAll("'", "''");
    await connection.run(`set variable ${name} = '${quoted}'`);
  }
  for (const statement of sql) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
  console.log(JSON.stringify({ inside_s: (performance.now() - start) / 1000 }));
}

await main();
