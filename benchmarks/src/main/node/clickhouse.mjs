// ClickHouse by chdb: a table in memory, bitHammingDistance on FixedString.
// Arguments: folder of the data set, folder for files, milliseconds per case, "all", "quick" or "few",
// seconds after which no case is begun.
import { Session } from "chdb";
import { open, run, WIDTH } from "./harness.mjs";

const [folder, store, budget, scope, seconds] = process.argv.slice(2);
const set = open(folder);
const session = new Session(store);
const sql = (text) => session.query(text, "TabSeparatedRaw");
sql("SET allow_suspicious_fixed_string_types = 1");

/** A constant of raw bytes. */
const constant = (query) => `toFixedString(unhex('${Buffer.from(query).toString("hex")}'), ${WIDTH})`;

/** What WHERE says, and the settings that follow the query. */
const where = (filter) => (filter === 1000 ? "" : ` WHERE bucket < ${filter}`);

await run(
  set,
  {
    version: `ClickHouse ${sql("SELECT version()").trim()} (chdb)`,
    load() {
      sql("CREATE DATABASE IF NOT EXISTS peers");
      sql(`CREATE TABLE peers.fps (id UInt32, bucket UInt16, fp FixedString(${WIDTH})) ENGINE = Memory`);
      sql(`INSERT INTO peers.fps
        SELECT rowNumberInAllBlocks() AS id,
          (SELECT groupArray(b) FROM file('${set.folder}/buckets.bin', 'RowBinary', 'b UInt16'))[id + 1], fp
        FROM file('${set.folder}/codes.bin', 'RowBinary', 'fp FixedString(${WIDTH})')
        SETTINGS max_threads = 1, max_insert_threads = 1, input_format_parallel_parsing = 0`);
      return Number(sql("SELECT total_bytes / total_rows FROM system.tables WHERE database = 'peers' AND name = 'fps'"));
    },
    modes: ["exact, bitHammingDistance"],
    search: (mode, threads, filter) => (query) =>
      sql(`SELECT id FROM peers.fps${where(filter)} ORDER BY bitHammingDistance(fp, ${constant(query)})
        LIMIT 10 SETTINGS max_threads = ${threads}, max_query_size = 10000000`)
        .trim()
        .split("\n")
        .filter((line) => line !== "")
        .map(Number),
    // One pass over the table with an aggregate per query.
    batch: (mode, threads, queries) => () => {
      const nearest = queries.map((query) => `groupArraySorted(10)((bitHammingDistance(fp, ${constant(query)}), id)).2`);
      const text = sql(`SELECT ${nearest.join(", ")} FROM peers.fps
        SETTINGS max_threads = ${threads}, max_query_size = 10000000`);
      return text.trim().split("\t").map((list) => JSON.parse(list));
    },
  },
  Number(budget),
  scope === "few",
  Number(seconds),
);
session.close();
process.exit(0);
